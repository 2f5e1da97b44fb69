package io.rdmagid.gid;

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
}
