package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class BarPlotTest {
  private static Document svg(BarPlot plot)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(plot.svg())));
  }

  private static List<Double> widths(Document svg) {
    NodeList bars = svg.getElementsByTagName("rect");
    List<Double> widths = new ArrayList<>();
    for (int i = 0; i < bars.getLength(); i++) {
      widths.add(Double.valueOf(((Element) bars.item(i)).getAttribute("width")));
    }
    return widths;
  }

  @Test
  void aBarIsAsLongAsItsLogarithm() throws Exception {
    Document svg =
        svg(
            new BarPlot(
                "Reads & walks",
                "time < 1 s",
                Unit.TIMES,
                List.of(
                    new BarPlot.Row("C", 1),
                    new BarPlot.Row("Java", 10),
                    new BarPlot.Row("sysfs", 1000))));

    List<Double> widths = widths(svg);
    double decade = widths.get(1) - widths.get(0);
    assertThat(widths.get(0)).isPositive();
    assertThat(widths.get(2) - widths.get(1)).isCloseTo(2 * decade, offset(0.2));
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("Reads & walks", "time < 1 s", "sysfs", "1,000×");
  }

  @Test
  void equalBarsHaveALength() throws Exception {
    assertThat(widths(svg(new BarPlot("T", "a", Unit.TIMES, List.of(new BarPlot.Row("one", 1))))))
        .allMatch(width -> width > 0);
  }

  @Test
  void nothingBelowZeroIsDrawn() {
    assertThatThrownBy(() -> new BarPlot.Row("broken", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("broken");
    assertThatThrownBy(() -> new BarPlot.Row("broken", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
