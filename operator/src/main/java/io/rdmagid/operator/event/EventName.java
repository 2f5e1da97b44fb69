package io.rdmagid.operator.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The names of Events, by which one that was told is not told again. Pure. */
public final class EventName {
  /** Of the 253 characters that a name may have, those before the hash. */
  private static final int NAME_LENGTH = 200;

  private static final int HASH_DIGITS = 16;

  private EventName() {}

  /**
   * The same for the same key.
   *
   * @param object begins the name
   * @param key what makes it another Event than others
   */
  public static String of(String object, String... key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\0", key).getBytes(StandardCharsets.UTF_8));
      String cut =
          object
              .substring(0, Math.min(object.length(), NAME_LENGTH))
              // Labels end with a letter or digit.
              .replaceAll("[-.]+$", "");
      return cut + "." + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
