package io.rdmagid.api.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RdmaGidNameTest {
  /** As the API server checks names. */
  private static final String SUBDOMAIN =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

  record Port(String node, String device, int number) {
    String name() {
      return RdmaGidName.of(node, device, number);
    }
  }

  @Test
  void aNameShowsWhatItNames() {
    assertThat(RdmaGidName.of("gpu-17.rack3.example", "mlx5_0", 1))
        .isEqualTo("gpu-17.rack3.example.mlx5-0.1-" + "a98b3975");
  }

  @Test
  void whatLooksAlikeStaysApart() {
    Set<String> names =
        Set.of(
            RdmaGidName.of("a", "mlx5_0", 1),
            RdmaGidName.of("a", "mlx5-0", 1),
            RdmaGidName.of("A", "mlx5_0", 1),
            RdmaGidName.of("a", "mlx5_0", 11),
            RdmaGidName.of("a.mlx5_0", "", 1),
            RdmaGidName.of("n".repeat(200), "d", 1),
            RdmaGidName.of("n".repeat(201), "d", 1));

    assertThat(names).hasSize(7);
  }

  @Test
  void aNegativePortIsRefused() {
    assertThatThrownBy(() -> RdmaGidName.of("a", "b", -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void alwaysADnsSubdomain(
      @ForAll("parts") String node, @ForAll("parts") String device, @ForAll @IntRange int port) {
    assertThat(RdmaGidName.of(node, device, port)).matches(SUBDOMAIN).hasSizeLessThanOrEqualTo(253);
  }

  @Property
  void alwaysTheSame(@ForAll("parts") String node, @ForAll("parts") String device) {
    assertThat(RdmaGidName.of(node, device, 1)).isEqualTo(RdmaGidName.of(node, device, 1));
  }

  @Property(tries = 200)
  void differentPortsHaveDifferentNames(@ForAll("ports") Set<Port> ports) {
    Set<String> names = new HashSet<>();
    ports.forEach(port -> names.add(port.name()));

    assertThat(names).hasSameSizeAs(ports);
  }

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(300),
        Arbitraries.strings().withChars("aZ0.-_/").ofMaxLength(300));
  }

  @Provide
  Arbitrary<Set<Port>> ports() {
    Arbitrary<String> part = Arbitraries.strings().withChars("ab.-_").ofMaxLength(4);
    return Combinators.combine(part, part, Arbitraries.integers().between(0, 255))
        .as(Port::new)
        .set()
        .ofMaxSize(50);
  }
}
