package io.rdmagid.e2e.agent;

/**
 * A table entry in the words that the kernel's tools and the API have in common.
 *
 * @param gid in the text of RFC 5952
 * @param type as ibv_devinfo writes it, such as {@code RoCE v2}
 */
public record TableEntry(
    String device, int port, int index, String gid, String type, String netdev) {
  /** The same with another name of the netdev. */
  public TableEntry on(String name) {
    return new TableEntry(device, port, index, gid, type, name);
  }
}
