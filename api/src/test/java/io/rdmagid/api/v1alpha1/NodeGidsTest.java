package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NodeGidsTest {
  private static final NodeGids.Port PORT =
      new NodeGids.Port("mlx5_0", 1, "eth0", 3, "10.0.0.5", "RoCEv2", "sha256:00");

  @Test
  void theTextIsStable() {
    NodeGids.Port down = new NodeGids.Port("mlx5_1", 1, null, null, null, null, "sha256:01");

    assertThat(NodeGids.of(List.of(PORT, down)).encode())
        .isEqualTo(
            "{\"v\":1,\"ports\":["
                + "{\"device\":\"mlx5_0\",\"port\":1,\"netdev\":\"eth0\",\"index\":3,\"address\":\"10.0.0.5\","
                + "\"type\":\"RoCEv2\",\"digest\":\"sha256:00\"},"
                + "{\"device\":\"mlx5_1\",\"port\":1,\"digest\":\"sha256:01\"}],\"more\":0}");
  }

  @Test
  void whatDoesNotFitIsCounted() {
    NodeGids.Read read =
        (NodeGids.Read) NodeGids.decode(NodeGids.of(Collections.nCopies(256, PORT)).encode());

    assertThat(read.value().ports()).hasSizeBetween(30, 60).containsOnly(PORT);
    assertThat(read.value().more()).isEqualTo(256 - read.value().ports().size());
  }

  @Test
  void fieldsOfLaterVersionsAreIgnored() {
    String text =
        "{\"v\":1,\"ports\":[{\"device\":\"mlx5_0\",\"port\":\"x\",\"speed\":1},7],\"more\":2,\"new\":{}}";

    assertThat(NodeGids.decode(text))
        .isEqualTo(
            new NodeGids.Read(
                new NodeGids(
                    List.of(new NodeGids.Port("mlx5_0", null, null, null, null, null, null)), 2)));
  }

  @Test
  void whatIsNoValueOfThisVersionIsUnreadable() {
    for (String text :
        List.of("", "x", "[]", "null", "7", "{}", "{\"v\":2,\"ports\":[]}", "{\"v\":\"1\"}")) {
      assertThat(NodeGids.decode(text)).as(text).isInstanceOf(NodeGids.Unreadable.class);
    }
    assertThat(NodeGids.decode("{\"v\":2}"))
        .isEqualTo(new NodeGids.Unreadable("it is not of version 1: v is 2"));
  }

  @Property
  void decodeNeverThrows(@ForAll String text) {
    assertThat(NodeGids.decode(text)).isNotNull();
  }

  @Property(tries = 300)
  void theTextFitsAndLosesNoCount(@ForAll("nodes") List<NodeGids.Port> ports) {
    String text = NodeGids.of(ports).encode();

    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(NodeGids.MAX_BYTES);
    NodeGids read = ((NodeGids.Read) NodeGids.decode(text)).value();
    assertThat(read.ports()).isEqualTo(ports.subList(0, read.ports().size()));
    assertThat(read.ports().size() + read.more()).isEqualTo(ports.size());
  }

  @Provide
  Arbitrary<List<NodeGids.Port>> nodes() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withCharRange('\u0001', '\u2fff')
            .ofMinLength(1)
            .ofMaxLength(300)
            .injectNull(0.2);
    Arbitrary<Integer> number = Arbitraries.integers().greaterOrEqual(0).injectNull(0.2);
    return Combinators.combine(text, number, text, number, text, text, text)
        .as(NodeGids.Port::new)
        .list()
        .ofMaxSize(40);
  }
}
