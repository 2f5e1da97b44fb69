package io.rdmagid.operator.group;

import static io.rdmagid.operator.group.Seats.at;
import static io.rdmagid.operator.group.Seats.former;
import static io.rdmagid.operator.group.Seats.gid;
import static io.rdmagid.operator.group.Seats.index;
import static io.rdmagid.operator.group.Seats.linkLayer;
import static io.rdmagid.operator.group.Seats.mtu;
import static io.rdmagid.operator.group.Seats.pool;
import static io.rdmagid.operator.group.Seats.seat;
import static io.rdmagid.operator.group.Seats.subnets;
import static io.rdmagid.operator.group.Seats.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
  static Stream<Arguments> mismatches() {
    return Stream.of(
        Arguments.of(
            "one of three",
            List.of(seat(0), seat(1), mtu(seat(2), 1024)),
            new Verdict(
                "MtusDiffer",
                "pool rails: the MTU is 4096, but 1024 at train-2 mlx5_0/1",
                Optional.of("train-2"))),
        Arguments.of(
            "two odd values",
            List.of(seat(0), seat(1), mtu(seat(2), 2048), mtu(seat(3), 1024)),
            new Verdict(
                "MtusDiffer",
                "pool rails: the MTU is 4096, but 1024 at train-3 mlx5_0/1, 2048 at train-2 mlx5_0/1",
                Optional.of("train-2"))),
        Arguments.of(
            "as many as others",
            List.of(seat(0), mtu(seat(1), 1024)),
            new Verdict(
                "MtusDiffer",
                "pool rails: the MTU is 1024 at train-1 mlx5_0/1, 4096 at train-0 mlx5_0/1",
                Optional.of("train-0"))),
        Arguments.of(
            "two containers of a pod are one port",
            List.of(seat(0), seat(0), mtu(seat(1), 1024)),
            new Verdict(
                "MtusDiffer",
                "pool rails: the MTU is 1024 at train-1 mlx5_0/1, 4096 at train-0 mlx5_0/1",
                Optional.of("train-0"))),
        Arguments.of(
            "another type",
            List.of(seat(0), seat(1), type(seat(2), GidType.ROCE_V1)),
            new Verdict(
                "TypesDiffer",
                "pool rails: the type is RoCEv2, but RoCEv1 at train-2 mlx5_0/1",
                Optional.of("train-2"))),
        Arguments.of(
            "another family",
            List.of(seat(0), seat(1), gid(seat(2), "fd00::2")),
            new Verdict(
                "FamiliesDiffer",
                "pool rails: the family is IPv4, but IPv6 at train-2 mlx5_0/1",
                Optional.of("train-2"))),
        Arguments.of(
            "the worst first",
            List.of(seat(0), seat(1), mtu(seat(2), 1024), linkLayer(seat(3), "InfiniBand")),
            new Verdict(
                "LinkLayersDiffer",
                "pool rails: the link layer is Ethernet, but InfiniBand at train-3 mlx5_0/1;"
                    + " pool rails: the MTU is 4096, but 1024 at train-2 mlx5_0/1",
                Optional.of("train-3"))),
        Arguments.of(
            "outside of the rule",
            List.of(
                subnets(seat(0), "10.0.0.0/24"),
                subnets(gid(seat(1), "::ffff:10.9.0.1"), "10.0.0.0/24", "10.1.0.0/24")),
            new Verdict(
                "OutsideSubnets",
                "pool rails: not in a subnet of the rule: 10.9.0.1 at train-1 mlx5_0/1",
                Optional.of("train-1"))),
        Arguments.of(
            "one of a former rule beside one of the rule",
            List.of(
                subnets(seat(0), "10.0.0.0/24"),
                former(subnets(gid(seat(1), "::ffff:10.9.0.1"), "10.0.0.0/24"))),
            new Verdict(
                "OutsideSubnets",
                "pool rails: not in a subnet of the rule: 10.9.0.1 at train-1 mlx5_0/1",
                Optional.of("train-1"))),
        Arguments.of(
            "an address on two nodes",
            List.of(seat(0), seat(1), gid(seat(2), "::ffff:10.0.0.1")),
            new Verdict(
                "DuplicateAddress",
                "pool rails: the same address twice: 10.0.0.1 at train-1 mlx5_0/1, train-2 mlx5_0/1",
                Optional.of("train-1"))),
        Arguments.of(
            "an address in two pods of one port",
            List.of(
                seat(1),
                at(index(gid(seat(2), "::ffff:10.0.0.1"), 4, GidScope.POD), "node-1", "mlx5_0")),
            new Verdict(
                "DuplicateAddress",
                "pool rails: the same address twice: 10.0.0.1 at train-1 mlx5_0/1, train-2 mlx5_0/1",
                Optional.of("train-1"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mismatches")
  void theOddOneIsNamed(String name, List<Seat> seats, Verdict verdict) {
    assertThat(Verdict.of(seats)).isEqualTo(verdict);
  }

  static Stream<Arguments> fitting() {
    Seat sharing = gid(seat(2), "::ffff:10.0.0.1");
    return Stream.of(
        Arguments.of("nobody", List.of()),
        Arguments.of("each has an address", List.of(seat(0), seat(1))),
        Arguments.of(
            "all of a former rule",
            List.of(
                former(subnets(seat(0), "10.1.0.0/24")), former(subnets(seat(1), "10.1.0.0/24")))),
        Arguments.of("what is not known", List.of(seat(0), mtu(linkLayer(seat(1), ""), 0))),
        Arguments.of(
            "other pools are other networks",
            List.of(seat(0), mtu(pool(gid(seat(1), "::ffff:10.0.0.0"), "storage"), 1024))),
        Arguments.of(
            "two ports of a pod with one address",
            List.of(seat(1), at(seat(1), "node-1", "mlx5_1"))),
        Arguments.of("pods of one slot", List.of(seat(1), at(sharing, "node-1", "mlx5_0"))),
        Arguments.of(
            "pods of one host",
            List.of(
                index(seat(1), 3, GidScope.HOST),
                at(index(sharing, 3, GidScope.HOST), "node-1", "mlx5_1"))),
        Arguments.of(
            "in one of the subnets", List.of(subnets(seat(0), "10.9.0.0/16", "10.0.0.0/24"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fitting")
  void whatFitsHasNoComplaint(String name, List<Seat> seats) {
    assertThat(Verdict.of(seats)).isEqualTo(Verdict.CONSISTENT);
  }

  @Property
  void theOrderDoesNotMatter(@ForAll long seed, @ForAll @IntRange(max = 12) int count) {
    Random random = new Random(seed);
    List<Seat> seats =
        new ArrayList<>(IntStream.range(0, count).mapToObj(n -> any(n, random)).toList());

    Verdict verdict = Verdict.of(seats);

    Collections.shuffle(seats, random);
    assertThat(Verdict.of(seats)).isEqualTo(verdict);
    verdict.oddPod().ifPresent(pod -> assertThat(verdict.message()).contains(pod + " "));
  }

  /** Whatever is one seat's alone among many that fit is found, and only its pod named. */
  @Property
  void oneThatDiffersIsNamedAndNobodyElse(
      @ForAll @IntRange(min = 3, max = 9) int count, @ForAll @IntRange(max = 3) int how) {
    List<Seat> seats = new ArrayList<>(IntStream.range(0, count).mapToObj(Seats::seat).toList());
    assertThat(Verdict.of(seats)).isEqualTo(Verdict.CONSISTENT);
    int odd = count / 2;
    seats.set(
        odd,
        switch (how) {
          case 0 -> mtu(seat(odd), 256);
          case 1 -> type(seat(odd), GidType.IB);
          case 2 -> gid(seat(odd), "fd00::1");
          default -> linkLayer(seat(odd), "InfiniBand");
        });

    Verdict verdict = Verdict.of(seats);

    assertThat(verdict.oddPod()).contains("train-" + odd);
    for (int n = 0; n < count; n++) {
      assertThat(verdict.message().contains("train-" + n + " ")).isEqualTo(n == odd);
    }
  }

  private static Seat any(int n, Random random) {
    Seat seat = gid(seat(n), "::ffff:10.0.0." + random.nextInt(20));
    seat = random.nextInt(4) == 0 ? mtu(seat, 1024) : seat;
    seat = random.nextInt(4) == 0 ? type(seat, GidType.ROCE_V1) : seat;
    seat = random.nextInt(4) == 0 ? gid(seat, "fd00::" + n) : seat;
    seat = random.nextInt(4) == 0 ? subnets(seat, "10.0.0.0/28") : seat;
    seat = random.nextInt(4) == 0 ? at(seat, "node-0", "mlx5_0") : seat;
    return random.nextInt(4) == 0 ? pool(seat, "storage") : seat;
  }
}
