package io.rdmagid.operator.pool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.api.v1alpha1.PoolGid;
import io.rdmagid.api.v1alpha1.PoolPortSelector;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Pool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * The parts of a pool's spec that its rule is chosen for: what takes ports into the pool, and what
 * it asks of their GIDs, but for {@code required}, which is no part of the choice. Pure.
 */
final class ChosenFor {
  private static final int DIGITS = 16;

  private static final ObjectMapper JSON = new ObjectMapper();

  private ChosenFor() {}

  /**
   * The same for the same parts, whichever process asks. Another version may come to another, so
   * that of the spec that a rule was made for is written by whoever leads.
   *
   * @param ports the selectors that {@code pool} was read from
   */
  static String digest(Pool pool, List<PoolPortSelector> ports) {
    try {
      // An absent field is not written, so that one which a later version adds changes nothing.
      byte[] parts =
          JSON.writeValueAsString(
                  List.of(new TreeMap<>(pool.nodeSelector().matchLabels()), ports, gid(pool.gid())))
              .getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(parts))
          .substring(0, DIGITS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text, numbers and lists are JSON", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** With what the schema's defaults say. */
  private static PoolGid gid(GidWish wish) {
    return new PoolGid(
        wish.type().map(GidType::text).orElse(PoolGid.AUTO),
        wish.family().map(IpFamily::text).orElse(PoolGid.AUTO),
        wish.subnets().stream().map(IpSubnet::toString).toList(),
        wish.allowLinkLocal(),
        wish.scope().text(),
        null);
  }
}
