package io.rdmagid.operator.admission;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key and certificates that a server shows, from two files that others change: they are looked
 * at again when somebody connects or asks, at most once in {@link #PATIENCE}. Files that cannot be
 * read leave what there was, with a line in the log. Safe for use by any thread.
 */
final class ServerKey extends X509ExtendedKeyManager {
  /** How long what was read is taken for what there is. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ServerKey.class);

  private final Path certificate;
  private final Path key;
  private final Clock clock;
  private Instant look = Instant.MIN;
  private byte[] content = {};
  private @Nullable PemKey current;

  /**
   * Reads nothing yet.
   *
   * @param folder with tls.crt and tls.key, maybe later
   */
  ServerKey(Path folder, Clock clock) {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
    this.clock = clock;
  }

  /** When the certificate ends; empty while there is none. */
  Optional<Instant> notAfter() {
    return current().map(pem -> pem.chain().getFirst().getNotAfter().toInstant());
  }

  private synchronized Optional<PemKey> current() {
    Instant now = clock.instant();
    if (!now.isBefore(look)) {
      look = now.plus(PATIENCE);
      read();
    }
    return Optional.ofNullable(current);
  }

  private void read() {
    try {
      byte[] crt = Files.readAllBytes(certificate);
      byte[] pem = Files.readAllBytes(key);
      byte[] both = Arrays.copyOf(crt, crt.length + pem.length);
      System.arraycopy(pem, 0, both, crt.length, pem.length);
      if (Arrays.equals(both, content)) {
        return;
      }
      content = both;
      current = PemKey.read(crt, pem);
      LOG.atInfo()
          .addKeyValue("notAfter", current.chain().getFirst().getNotAfter().toInstant())
          .log("certificate of the webhook read");
    } catch (IOException | GeneralSecurityException e) {
      LOG.atWarn().addKeyValue("reason", e.toString()).log("certificate of the webhook not read");
    }
  }

  /** The type of the key is its name: there is one. */
  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return current().map(pem -> pem.key().getAlgorithm()).filter(type::equals).orElse(null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(type, issuers, null);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return current().map(pem -> pem.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return current().map(PemKey::key).orElse(null);
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    String alias = chooseEngineServerAlias(type, issuers, null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }
}
