package io.rdmagid.operator.group;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.PortRef;
import java.util.List;

/** Seats for tests: each pod on a node of its own, with one port. */
final class Seats {
  private Seats() {}

  /** The pod {@code train-N} with address 10.0.0.N. */
  static Seat seat(int n) {
    return new Seat(
        "train-" + n,
        "rails",
        new PortRef("node-" + n, "mlx5_0", 1),
        3,
        Gid.parse("::ffff:10.0.0." + n),
        GidType.ROCE_V2,
        GidScope.POD,
        "Ethernet",
        4096,
        List.of(),
        false);
  }

  static Seat mtu(Seat seat, int mtu) {
    return copy(seat, seat.pool(), seat.port(), seat.gid(), seat.type(), seat.linkLayer(), mtu);
  }

  static Seat type(Seat seat, GidType type) {
    return copy(seat, seat.pool(), seat.port(), seat.gid(), type, seat.linkLayer(), seat.mtu());
  }

  static Seat linkLayer(Seat seat, String linkLayer) {
    return copy(seat, seat.pool(), seat.port(), seat.gid(), seat.type(), linkLayer, seat.mtu());
  }

  static Seat gid(Seat seat, String gid) {
    return copy(
        seat, seat.pool(), seat.port(), Gid.parse(gid), seat.type(), seat.linkLayer(), seat.mtu());
  }

  static Seat pool(Seat seat, String pool) {
    return copy(seat, pool, seat.port(), seat.gid(), seat.type(), seat.linkLayer(), seat.mtu());
  }

  static Seat at(Seat seat, String node, String device) {
    return copy(
        seat,
        seat.pool(),
        new PortRef(node, device, 1),
        seat.gid(),
        seat.type(),
        seat.linkLayer(),
        seat.mtu());
  }

  static Seat index(Seat seat, int index, GidScope scope) {
    return new Seat(
        seat.pod(),
        seat.pool(),
        seat.port(),
        index,
        seat.gid(),
        seat.type(),
        scope,
        seat.linkLayer(),
        seat.mtu(),
        seat.subnets(),
        seat.former());
  }

  static Seat subnets(Seat seat, String... subnets) {
    return ruled(seat, List.of(subnets).stream().map(IpSubnet::parse).toList(), seat.former());
  }

  /** Chosen by a rule that the pool had before. */
  static Seat former(Seat seat) {
    return ruled(seat, seat.subnets(), true);
  }

  private static Seat ruled(Seat seat, List<IpSubnet> subnets, boolean former) {
    return new Seat(
        seat.pod(),
        seat.pool(),
        seat.port(),
        seat.index(),
        seat.gid(),
        seat.type(),
        seat.scope(),
        seat.linkLayer(),
        seat.mtu(),
        subnets,
        former);
  }

  private static Seat copy(
      Seat seat, String pool, PortRef port, Gid gid, GidType type, String linkLayer, int mtu) {
    return new Seat(
        seat.pod(),
        pool,
        port,
        seat.index(),
        gid,
        type,
        seat.scope(),
        linkLayer,
        mtu,
        seat.subnets(),
        seat.former());
  }
}
