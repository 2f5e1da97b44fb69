package io.rdmagid.deviceplugin.workload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What the kubelet gave to one container of one pool. The same ids always are the same allocation:
 * the kubelet replays old answers after restarts and reboots.
 *
 * @param pool the pool's name
 * @param ids device ids, sorted, each once
 */
public record AllocationId(String pool, List<String> ids) {
  private static final int HASH_BYTES = 16;

  public AllocationId {
    ids = ids.stream().sorted().distinct().toList();
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("an allocation has at least one device id");
    }
  }

  /** Whether both are of one pool and share an id. */
  boolean overlaps(AllocationId other) {
    return pool.equals(other.pool) && ids.stream().anyMatch(other.ids::contains);
  }

  /** The name of its folder: 32 hexadecimal digits. */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((pool + "\0" + String.join("\0", ids)).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
