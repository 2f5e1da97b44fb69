package io.rdmagid.pool;

import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Pools for tests. */
final class Pools {
  private Pools() {}

  /** A pool of the devices whose names fit, made that many seconds after the first. */
  static Pool pool(String name, int age, String devices) {
    return pool(name, "rdmagid.io/" + name, age, devices, NodeSelector.ANY);
  }

  static Pool pool(
      String name, String resourceName, int age, String devices, NodeSelector nodeSelector) {
    PortSelector any = PortSelector.ANY;
    PortSelector selector =
        new PortSelector(
            List.of(new Glob(devices)),
            any.netdevs(),
            any.drivers(),
            any.vendors(),
            any.deviceIds(),
            any.pciAddresses(),
            any.pfNames(),
            any.linkLayers(),
            any.numaNodes(),
            any.minRateGbps(),
            any.subnets());
    return new Pool(
        name,
        resourceName,
        Instant.EPOCH.plusSeconds(age),
        1,
        nodeSelector,
        List.of(selector),
        auto(GidScope.POD),
        1,
        Set.of(),
        OptionalInt.empty(),
        false,
        false);
  }

  /** The same pool while it is being deleted. */
  static Pool leaving(Pool pool) {
    return new Pool(
        pool.name(),
        pool.resourceName(),
        pool.createdAt(),
        pool.generation(),
        pool.nodeSelector(),
        pool.ports(),
        pool.gid(),
        pool.podsPerPort(),
        pool.libraries(),
        pool.trafficClass(),
        pool.memlock(),
        true);
  }

  static GidWish auto(GidScope scope, String... subnets) {
    return wish(null, null, scope, subnets);
  }

  static GidWish wish(GidType type, IpFamily family, GidScope scope, String... subnets) {
    return new GidWish(
        Optional.ofNullable(type),
        Optional.ofNullable(family),
        List.of(subnets).stream().map(IpSubnet::parse).toList(),
        false,
        scope,
        true);
  }
}
