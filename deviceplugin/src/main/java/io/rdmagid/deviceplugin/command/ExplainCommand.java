package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.library.Pick;
import io.rdmagid.terminal.Printer;
import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code rdmagid explain}: which entry we and each library take, and why. */
@CommandLine.Command(
    name = "explain",
    description = {
      "Explains which entry of each port rdmagid would use, and which NCCL (RCCL), UCX,",
      "perftest, NVSHMEM and Mooncake take by themselves, or by the variables given."
    },
    footer =
        "A recording's variables count, and those given go before them. PERFTEST_FLAGS holds"
            + " perftest's options.",
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  @CommandLine.Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      arity = "1..*",
      description = "Variables that the libraries see, such as NCCL_IB_GID_INDEX=3.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @CommandLine.Mixin private Source source = new Source();
  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Source.Readings readings = source.read();
    AtomicInteger ports = new AtomicInteger();
    readings.each(reading -> {
      Map<String, String> environment = new HashMap<>(reading.environment());
      environment.putAll(variables);
      List<Explanation> explanations =
          reading.ports().stream().map(port -> Explanation.of(port, environment)).toList();
      ports.addAndGet(explanations.size());
      print(reading, explanations, readings.areSeveral());
    });
    return source.end(readings, ports.get() > 0, Source.NO_PORT);
  }

  private void print(Reading reading, List<Explanation> explanations, boolean named) {
    if (printer.isText()) {
      printer.text(named ? List.of(reading.source() + ":", "") : List.of());
      explanations.forEach(explanation -> printer.text(text(explanation)));
      return;
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("source", reading.source());
    ArrayNode ports = document.putArray("ports");
    List<ObjectNode> lines = new ArrayList<>();
    for (Explanation explanation : explanations) {
      ObjectNode port = json(explanation);
      ports.add(port);
      ObjectNode line = JsonNodeFactory.instance.objectNode().put("source", reading.source());
      line.setAll(port);
      lines.add(line);
    }
    printer.data(document, lines);
  }

  private static ObjectNode json(Explanation explanation) {
    ObjectNode port =
        JsonNodeFactory.instance
            .objectNode()
            .put("device", explanation.port().device().name())
            .put("port", explanation.port().port().number());
    if (explanation.choice() instanceof GidSelection.Selected(GidEntry entry)) {
      port.putObject("preferred").put("index", entry.index());
    } else {
      port.putNull("preferred");
    }
    ObjectNode picks = port.putObject("picks");
    explanation
        .picks()
        .forEach((library, pick) -> {
          switch (pick) {
            case Pick.Index(int index, _) -> picks.put(library.name(), index);
            case Pick.None _ -> picks.putNull(library.name());
          }
        });
    return port;
  }

  private List<String> text(Explanation explanation) {
    PortAttributes attributes = explanation.port().port().attributes();
    String netdev = explanation.port().port().netdev();
    List<String> lines = new ArrayList<>();
    lines.add(
        explanation.port().device().name()
            + " port "
            + explanation.port().port().number()
            + " ("
            + (netdev.isEmpty() ? "" : netdev + ", ")
            + attributes.linkLayer()
            + ", "
            + attributes.state()
            + ")");
    TextTable entries = new TextTable("INDEX", "TYPE", TextTable.ADDRESS, "REMARK");
    for (GidEntry entry : explanation.port().port().table()) {
      entries.add(
          explanation.isChosen(entry) ? Tone.GOOD : Tone.PLAIN,
          Integer.toString(entry.index()),
          entry.type().text(),
          entry.gid().address(),
          explanation.remark(entry));
    }
    if (!entries.isEmpty()) {
      lines.addAll(indented(entries.lines(printer.colours())));
    }
    TextTable picks = new TextTable("WHO", "INDEX", "AGREES", "WHY");
    switch (explanation.choice()) {
      case GidSelection.Selected(GidEntry entry) ->
          picks.add("rdmagid", Integer.toString(entry.index()), "", explanation.remark(entry));
      case GidSelection.NoMatch none -> picks.add("rdmagid", "", "", none.reason().text());
      case GidSelection.Ambiguous ambiguous -> picks.add("rdmagid", "", "", ambiguous.text());
    }
    explanation
        .picks()
        .forEach((library, pick) ->
            picks.add(
                explanation.agrees(pick) ? Tone.PLAIN : Tone.BAD,
                library.name(),
                pick instanceof Pick.Index(int index, _) ? Integer.toString(index) : "",
                explanation.agrees(pick) ? "yes" : "no",
                explanation.why(library, pick)));
    lines.addAll(indented(picks.lines(printer.colours())));
    lines.add("");
    return lines;
  }

  private static List<String> indented(List<String> lines) {
    return lines.stream().map(line -> "  " + line).collect(Collectors.toList());
  }
}
