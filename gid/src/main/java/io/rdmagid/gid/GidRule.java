package io.rdmagid.gid;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which entries of a GID table will do.
 *
 * @param type the type that an entry must have
 * @param family the family that its address must have
 * @param subnets ranges that its address must lie in one of; empty for any
 * @param allowLinkLocal whether an address that is valid on its own link only will do where there
 *     is no other. For InfiniBand it always does: every GID there has that prefix by default
 */
public record GidRule(
    GidType type, IpFamily family, List<IpSubnet> subnets, boolean allowLinkLocal) {
  /** What an entry lacks to match a rule; what is easier to come by first. */
  public enum Lack {
    /** An address in one of the rule's subnets. */
    SUBNET("not in a subnet of the rule"),
    /** An address that is valid beyond its own link. */
    ROUTABLE_ADDRESS("link-local"),
    /** The rule's family. */
    FAMILY("not of the rule's family"),
    /** The rule's type. */
    TYPE("not of the rule's type");

    private final String text;

    Lack(String text) {
      this.text = text;
    }

    /** A few words for people. */
    public String text() {
      return text;
    }
  }

  public GidRule {
    subnets = List.copyOf(subnets);
  }

  /** What {@code entry} lacks; empty where it matches. */
  public Set<Lack> lacks(GidEntry entry) {
    Set<Lack> lacks = EnumSet.noneOf(Lack.class);
    if (entry.type() != type) {
      lacks.add(Lack.TYPE);
    }
    if (entry.gid().family() != family) {
      lacks.add(Lack.FAMILY);
    }
    if (!subnets.isEmpty() && subnets.stream().noneMatch(subnet -> subnet.contains(entry.gid()))) {
      lacks.add(Lack.SUBNET);
    }
    if (!allowLinkLocal && GidSelector.isLinkLocal(entry)) {
      lacks.add(Lack.ROUTABLE_ADDRESS);
    }
    return lacks;
  }

  /** For people, such as {@code RoCEv2 IPv4 GID in 10.1.0.0/16}. */
  public String text() {
    String what = type.text() + " " + family.text() + " GID";
    return subnets.isEmpty()
        ? what
        : what
            + " in "
            + subnets.stream().map(IpSubnet::toString).collect(Collectors.joining(" or "));
  }
}
