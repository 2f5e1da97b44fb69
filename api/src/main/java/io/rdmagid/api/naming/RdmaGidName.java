package io.rdmagid.api.naming;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of a port's RdmaGid object: {@code <node>.<device>.<port>-<hash>}, readable, and by its
 * hash distinct where cutting or cleaning made two ports look alike.
 */
public final class RdmaGidName {
  private static final int NODE_LENGTH = 150;
  private static final int DEVICE_LENGTH = 63;
  private static final int HASH_DIGITS = 8;

  private RdmaGidName() {}

  /**
   * The name: always a DNS subdomain (RFC 1123) of at most 253 characters, always the same for the
   * same port.
   *
   * @param node the Node's name, any text
   * @param device the RDMA device's name, any text
   * @param port the port's number, from 0
   * @throws IllegalArgumentException if {@code port} is negative
   */
  public static String of(String node, String device, int port) {
    if (port < 0) {
      throw new IllegalArgumentException("a port's number is not negative: " + port);
    }
    return part(node, NODE_LENGTH)
        + "."
        + part(device, DEVICE_LENGTH)
        + "."
        + port
        + "-"
        + hash(node, device, port);
  }

  private static String part(String text, int length) {
    String cleaned =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "-")
            // Labels begin and end with a letter or digit.
            .replaceAll("[-.]*\\.[-.]*", ".")
            .replaceAll("^[-.]+", "");
    String cut = cleaned.substring(0, Math.min(cleaned.length(), length)).replaceAll("[-.]+$", "");
    return cut.isEmpty() ? "x" : cut;
  }

  private static String hash(String node, String device, int port) {
    try {
      byte[] key = (node + "\0" + device + "\0" + port).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
