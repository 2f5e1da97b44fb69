package io.rdmagid.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpSubnet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PortSelectorTest {
  private static final PortFacts PORT =
      new PortFacts(
          "n",
          "mlx5_0",
          1,
          "Ethernet",
          "mlx5_core",
          "15b3",
          "101d",
          "0000:3b:00.0",
          "ens1f0",
          1,
          100,
          true,
          List.of(Ports.table("::ffff:10.0.0.5", GidType.ROCE_V2)));

  private static final PortFacts UNKNOWN =
      new PortFacts("n", "rxe0", 1, "", "", "", "", "", "", -1, 0, true, List.of());

  /** A selector of which all lists but those given are empty, in the order of the components. */
  private static PortSelector selector(UnaryOperator<String> fact) {
    return new PortSelector(
        globs(fact, "name"),
        globs(fact, "netdev"),
        globs(fact, "driver"),
        globs(fact, "vendor"),
        globs(fact, "deviceId"),
        globs(fact, "pciAddress"),
        texts(fact, "linkLayer"),
        texts(fact, "numaNode").stream().map(Integer::valueOf).toList(),
        texts(fact, "rate").stream().mapToDouble(Double::parseDouble).findFirst().orElse(0),
        texts(fact, "subnet").stream().map(IpSubnet::parse).toList());
  }

  private static List<Glob> globs(UnaryOperator<String> fact, String name) {
    return texts(fact, name).stream().map(Glob::new).toList();
  }

  private static List<String> texts(UnaryOperator<String> fact, String name) {
    String text = fact.apply(name);
    return text == null ? List.of() : List.of(text.split(" ", -1));
  }

  private static PortSelector only(String... namesAndTexts) {
    Map<String, String> texts =
        namesAndTexts.length == 2
            ? Map.of(namesAndTexts[0], namesAndTexts[1])
            : Map.of(namesAndTexts[0], namesAndTexts[1], namesAndTexts[2], namesAndTexts[3]);
    return selector(texts::get);
  }

  @Test
  void emptyMeansAny() {
    assertThat(PortSelector.ANY.matches(PORT)).isTrue();
    assertThat(PortSelector.ANY.matches(UNKNOWN)).isTrue();
  }

  @Test
  void eachListLooksAtItsOwnFact() {
    Map<String, String> right =
        Map.of(
            "name", "mlx5_*",
            "netdev", "ens?f0",
            "driver", "mlx5_core",
            "vendor", "15b3",
            "deviceId", "101?",
            "pciAddress", "0000:3b:*",
            "linkLayer", "Ethernet",
            "numaNode", "1",
            "rate", "100",
            "subnet", "10.0.0.0/16");
    Map<String, String> wrong =
        Map.of(
            "name", "rxe*",
            "netdev", "ens?f1",
            "driver", "mlx4_core",
            "vendor", "8086",
            "deviceId", "102?",
            "pciAddress", "0000:3c:*",
            "linkLayer", "InfiniBand",
            "numaNode", "0",
            "rate", "100.5",
            "subnet", "10.1.0.0/16");

    assertThat(selector(right::get).matches(PORT)).isTrue();
    right
        .keySet()
        .forEach(name -> {
          assertThat(only(name, right.get(name)).matches(PORT)).as("right %s", name).isTrue();
          assertThat(only(name, wrong.get(name)).matches(PORT)).as("wrong %s", name).isFalse();
          assertThat(only(name, right.get(name)).matches(UNKNOWN)).as("unknown %s", name).isFalse();
        });
  }

  @Test
  void oneOfAListIsEnoughAndOfAllLists() {
    assertThat(only("name", "rxe0 mlx5_0").matches(PORT)).isTrue();
    assertThat(only("name", "mlx5_0", "netdev", "eth0").matches(PORT)).isFalse();
    assertThat(only("subnet", "10.1.0.0/16 10.0.0.0/24").matches(PORT)).isTrue();
  }

  @Test
  void whatIsNotKnownFitsNoPattern() {
    assertThat(only("netdev", "*").matches(UNKNOWN)).isFalse();
    assertThat(only("netdev", "*").matches(PORT)).isTrue();
  }
}
