package io.rdmagid.pool;

import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import java.util.List;
import java.util.Optional;

/**
 * What a pool's spec asks of GIDs; {@link RuleChoice} makes the rule of it.
 *
 * @param type empty for Auto
 * @param family empty for Auto
 * @param subnets ranges that an address must lie in one of; empty for any
 * @param allowLinkLocal whether link-local addresses will do
 * @param scope whose entries count
 * @param required whether a container without an entry that will do fails to be created
 */
public record GidWish(
    Optional<GidType> type,
    Optional<IpFamily> family,
    List<IpSubnet> subnets,
    boolean allowLinkLocal,
    GidScope scope,
    boolean required) {
  public GidWish {
    subnets = List.copyOf(subnets);
  }
}
