package io.rdmagid.operator.admission;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key and its certificates, as a Secret of type kubernetes.io/tls has them.
 *
 * @param chain the server's own first
 */
record PemKey(PrivateKey key, List<X509Certificate> chain) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:RSA )?PRIVATE KEY)-----([^-]+)-----END \\1-----");

  /** Version 0 and the algorithm rsaEncryption: what PKCS#8 (RFC 5208) has before a PKCS#1 key. */
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  PemKey {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both.
   *
   * @param certificate tls.crt: PEM
   * @param key tls.key: PEM, PKCS#8 of RSA or EC, or PKCS#1 (which Helm makes)
   * @throws GeneralSecurityException if either cannot be read, or they do not belong together as
   *     far as their algorithms tell
   */
  static PemKey read(byte[] certificate, byte[] key) throws GeneralSecurityException {
    List<X509Certificate> chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(certificate))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (chain.isEmpty()) {
      throw new CertificateException("tls.crt has no certificate");
    }
    PrivateKey read = key(new String(key, StandardCharsets.US_ASCII), chain.getFirst());
    return new PemKey(read, chain);
  }

  private static PrivateKey key(String pem, X509Certificate certificate)
      throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeySpecException("tls.key is no private key in PEM of PKCS#8 or PKCS#1");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("tls.key is no Base64", e);
    }
    byte[] pkcs8 = block.group(1).equals("PRIVATE KEY") ? der : wrapped(der);
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] wrapped(byte[] pkcs1) {
    return tagged(0x30, joined(RSA, tagged(0x04, pkcs1)));
  }

  /** One element of DER (X.690), with a length of two bytes, which any RSA key needs. */
  private static byte[] tagged(int tag, byte[] content) {
    byte[] head = {(byte) tag, (byte) 0x82, (byte) (content.length >>> 8), (byte) content.length};
    return joined(head, content);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = new byte[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
