package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentAnnotationTest {
  @Test
  void isCompact() {
    assertThat(
            AssignmentAnnotation.encode(
                List.of(AssignedPorts.current("train", "mlx5_0", 3, "::ffff:10.0.0.1", 2))))
        .isEqualTo(
            "{\"v\":1,\"ports\":[{\"container\":\"train\",\"pool\":\"rails\",\"device\":\"mlx5_0\",\"port\":1,"
                + "\"index\":3,\"gid\":\"::ffff:10.0.0.1\",\"type\":\"RoCEv2\",\"netdev\":\"net1\","
                + "\"address\":\"10.0.0.1\",\"scope\":\"Pod\",\"state\":\"current\",\"generation\":2}]}");
    assertThat(AssignmentAnnotation.encode(List.of())).isEqualTo("{\"v\":1,\"ports\":[]}");
  }

  @Property
  void whatIsEncodedIsRead(@ForAll long seed, @ForAll @IntRange(max = 60) int count) {
    Random random = new Random(seed);
    List<AssignedPort> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(port(i, random));
    }

    String text = AssignmentAnnotation.encode(ports);

    assertThat(text.getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(AssignmentAnnotation.MAX_BYTES);
    assertThat(AssignmentAnnotation.decode(text))
        .isInstanceOfSatisfying(
            AssignmentAnnotation.Decoded.Read.class,
            read -> {
              assertThat(read.ports()).isEqualTo(ports.subList(0, ports.size() - read.more()));
              assertThat(read.more()).isLessThanOrEqualTo(Math.max(0, count - 12));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"v\":2,\"ports\":[]}",
        "{\"v\":1,\"ports\":[{}]}",
        "{\"v\":1,\"ports\":[{\"container\":\"c\",\"pool\":\"p\",\"device\":\"d\",\"port\":1,\"scope\":\"Pod\","
            + "\"state\":\"current\",\"generation\":1}]}",
        "{\"v\":1,\"ports\":[{\"container\":\"c\",\"pool\":\"p\",\"device\":\"d\",\"port\":1,\"scope\":\"Pod\","
            + "\"state\":\"entangled\",\"generation\":1}]}",
        "{\"v\":1,\"ports\":{\"container\":\"c\"}}"
      })
  void whatIsNotAValueIsUnreadable(String text) {
    assertThat(AssignmentAnnotation.decode(text))
        .isInstanceOf(AssignmentAnnotation.Decoded.Unreadable.class);
  }

  @Test
  void laterFieldsAreIgnored() {
    assertThat(AssignmentAnnotation.decode("{\"v\":1,\"ports\":[],\"colour\":\"red\"}"))
        .isEqualTo(new AssignmentAnnotation.Decoded.Read(List.of(), 0));
  }

  private static AssignedPort port(int n, Random random) {
    AssignmentState state = any(random, AssignmentState.values());
    Optional<GidChoice> choice =
        state.hasChoice()
            ? Optional.of(
                new GidChoice(
                    random.nextInt(1024),
                    new Gid(random.nextLong(), random.nextLong() | 1),
                    any(random, GidType.values()),
                    random.nextBoolean() ? "" : "näm" + n))
            : Optional.empty();
    return new AssignedPort(
        "container-" + n % 4,
        "rails",
        "mlx5_" + n,
        1 + random.nextInt(255),
        state,
        choice,
        random.nextBoolean() ? GidScope.POD : GidScope.HOST,
        random.nextLong(1 << 30),
        0,
        0,
        ContainerVariables.NONE,
        List.of());
  }

  @SafeVarargs
  private static <T> T any(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
