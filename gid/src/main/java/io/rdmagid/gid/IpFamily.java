package io.rdmagid.gid;

import java.util.Arrays;
import java.util.Optional;

/** The IP family of the address that a GID carries. */
public enum IpFamily {
  /** An IPv4-mapped GID, {@code ::ffff:a.b.c.d}. */
  IPV4("IPv4"),
  /** Any other GID. */
  IPV6("IPv6");

  private final String text;

  IpFamily(String text) {
    this.text = text;
  }

  /** The word used in API objects: {@code IPv4} or {@code IPv6}. */
  public String text() {
    return text;
  }

  /** The family written as {@code text} in an API object. */
  public static Optional<IpFamily> fromText(String text) {
    return Arrays.stream(values()).filter(family -> family.text.equals(text)).findFirst();
  }
}
