package io.rdmagid.pool;

import static java.util.Map.entry;
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
          "0000:3b:00.2",
          "ens1f0np0",
          3,
          "ens1f0",
          1,
          100,
          true,
          List.of(Ports.table("::ffff:10.0.0.5", GidType.ROCE_V2)));

  private static final PortFacts UNKNOWN =
      new PortFacts("n", "rxe0", 1, "", "", "", "", "", "", -1, "", -1, 0, true, List.of());

  /** A selector of which all lists but those given are empty, in the order of the components. */
  private static PortSelector selector(UnaryOperator<String> fact) {
    return new PortSelector(
        globs(fact, "name"),
        globs(fact, "netdev"),
        globs(fact, "driver"),
        globs(fact, "vendor"),
        globs(fact, "deviceId"),
        globs(fact, "pciAddress"),
        texts(fact, "pfName").stream().map(PortSelectorTest::virtualFunctions).toList(),
        texts(fact, "linkLayer"),
        texts(fact, "numaNode").stream().map(Integer::valueOf).toList(),
        texts(fact, "rate").stream().mapToDouble(Double::parseDouble).findFirst().orElse(0),
        texts(fact, "subnet").stream().map(IpSubnet::parse).toList());
  }

  /** {@code ens1f0np0}, or with a range {@code ens1f0np0#0-3}. */
  private static VirtualFunctions virtualFunctions(String text) {
    String[] parts = text.split("[#-]", -1);
    return parts.length == 1
        ? new VirtualFunctions(new Glob(text), 0, VirtualFunctions.LAST_INDEX)
        : new VirtualFunctions(
            new Glob(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
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
        Map.ofEntries(
            entry("name", "mlx5_*"),
            entry("netdev", "ens?f0"),
            entry("driver", "mlx5_core"),
            entry("vendor", "15b3"),
            entry("deviceId", "101?"),
            entry("pciAddress", "0000:3b:*"),
            entry("pfName", "ens1f?np0#1-3"),
            entry("linkLayer", "Ethernet"),
            entry("numaNode", "1"),
            entry("rate", "100"),
            entry("subnet", "10.0.0.0/16"));
    Map<String, String> wrong =
        Map.ofEntries(
            entry("name", "rxe*"),
            entry("netdev", "ens?f1"),
            entry("driver", "mlx4_core"),
            entry("vendor", "8086"),
            entry("deviceId", "102?"),
            entry("pciAddress", "0000:3c:*"),
            entry("pfName", "ens1f?np0#4-9"),
            entry("linkLayer", "InfiniBand"),
            entry("numaNode", "0"),
            entry("rate", "100.5"),
            entry("subnet", "10.1.0.0/16"));

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

  @Test
  void virtualFunctionsAreThoseOfTheNameAndTheRange() {
    for (String fits : List.of("ens1f0np0", "*", "ens1f0np0#3-3", "ens2 ens1f0np0#0-3")) {
      assertThat(only("pfName", fits).matches(PORT)).as(fits).isTrue();
    }
    for (String other : List.of("ens1f0", "ens1f0np0#0-2", "ens1f0np0#4-65535", "ens2#3-3 ens3")) {
      assertThat(only("pfName", other).matches(PORT)).as(other).isFalse();
    }
  }

  /** A physical function has neither; the netdev of one can be elsewhere, and an index unknown. */
  @Test
  void aPhysicalFunctionAndWhatIsNotKnownFitNoVirtualFunctions() {
    for (PortFacts port : List.of(of("", -1), of("", 3), of("ens1f0np0", -1))) {
      assertThat(only("pfName", "*").matches(port)).as(port.toString()).isFalse();
      assertThat(only("netdev", "ens1f0").matches(port)).as(port.toString()).isTrue();
    }
  }

  private static PortFacts of(String pfName, int vfIndex) {
    return new PortFacts(
        PORT.node(),
        PORT.device(),
        PORT.port(),
        PORT.linkLayer(),
        PORT.driver(),
        PORT.vendorId(),
        PORT.deviceId(),
        PORT.pciAddress(),
        pfName,
        vfIndex,
        PORT.netdev(),
        PORT.numaNode(),
        PORT.rateGbps(),
        PORT.active(),
        PORT.gids());
  }
}
