package io.rdmagid.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rdmagid.management.CheckResult;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.ClusterFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionServerTest {
  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private AdmissionServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdmissionServer.start(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            folder,
            new ClusterFacts(),
            () -> false,
            clock,
            registry);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReviewIsAnswered() throws GeneralSecurityException, IOException, InterruptedException {
    certificate("rsa:2048", 3650);

    HttpResponse<String> answer = post(AdmissionServer.PATH, ReviewTest.FORGED);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"uid\":\"u-1\"", "\"allowed\":true", "JSONPatch");
    assertThat(registry.scrape())
        .contains("rdmagid_webhook_requests_seconds_count{outcome=\"answered\"} 1")
        .containsPattern("rdmagid_webhook_certificate_not_after_seconds [1-9]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "{}"})
  void whatIsNoReviewIsRefused(String body)
      throws GeneralSecurityException, IOException, InterruptedException {
    certificate("rsa:2048", 3650);

    assertThat(post(AdmissionServer.PATH, body).statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsTooLongOrElsewhereIsRefused()
      throws GeneralSecurityException, IOException, InterruptedException {
    certificate("rsa:2048", 3650);

    HttpResponse<String> tooLong =
        post(AdmissionServer.PATH, " ".repeat(AdmissionServer.LONGEST_BODY + 1));

    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body()).contains("more than 3145728 bytes");
    assertThat(post("/", ReviewTest.FORGED).statusCode()).isEqualTo(404);
    assertThat(send(request(AdmissionServer.PATH).GET().build()).statusCode()).isEqualTo(405);
  }

  @Test
  void aCertificateMayComeLaterAndChange()
      throws GeneralSecurityException, IOException, InterruptedException {
    assertThat(server.check().test().get()).isEqualTo(CheckResult.failing("no certificate yet"));
    certificate("rsa:2048", 1);
    assertThatThrownBy(() -> post(AdmissionServer.PATH, ReviewTest.FORGED))
        .as("it is not looked at all the time")
        .isInstanceOf(SSLException.class);

    clock.advance(ServerKey.PATIENCE);
    assertThat(post(AdmissionServer.PATH, ReviewTest.FORGED).statusCode()).isEqualTo(200);

    certificate("ec", 3650);
    assertThatThrownBy(() -> post(AdmissionServer.PATH, ReviewTest.FORGED))
        .as("the old one is shown, which the new one's authority did not sign")
        .isInstanceOf(SSLException.class);
    clock.advance(ServerKey.PATIENCE);
    assertThat(post(AdmissionServer.PATH, ReviewTest.FORGED).statusCode()).isEqualTo(200);

    Path _ = Files.writeString(folder.resolve("tls.key"), "nonsense");
    clock.advance(ServerKey.PATIENCE);
    assertThat(post(AdmissionServer.PATH, ReviewTest.FORGED).statusCode())
        .as("what cannot be read leaves what there was")
        .isEqualTo(200);
  }

  @Test
  void aCertificateThatEndedIsNotReady()
      throws GeneralSecurityException, IOException, InterruptedException {
    certificate("rsa:2048", 3650);
    assertThat(server.check().test().get()).isEqualTo(CheckResult.passing());

    clock.advance(Duration.ofDays(36_500));

    assertThat(server.check().test().get()).isInstanceOf(CheckResult.Failing.class);
  }

  /** Helm makes keys of PKCS#1, cert-manager of PKCS#8 when it is asked to. */
  @Test
  void aKeyOfPkcs1IsRead() throws GeneralSecurityException, IOException, InterruptedException {
    certificate("rsa:2048", 3650);
    openssl("rsa", "-traditional", "-in", "tls.key", "-out", "pkcs1.key");
    Path pkcs1 = folder.resolve("pkcs1.key");
    assertThat(Files.readString(pkcs1)).startsWith("-----BEGIN RSA PRIVATE KEY-----");

    byte[] certificate = Files.readAllBytes(folder.resolve("tls.crt"));
    PemKey fromPkcs1 = PemKey.read(certificate, Files.readAllBytes(pkcs1));
    PemKey fromPkcs8 = PemKey.read(certificate, Files.readAllBytes(folder.resolve("tls.key")));

    assertThat(fromPkcs1.key()).isEqualTo(fromPkcs8.key());
  }

  private void certificate(String algorithm, int days) throws IOException, InterruptedException {
    String curve = algorithm.equals("ec") ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:2048";
    openssl(
        "req",
        "-x509",
        "-newkey",
        algorithm,
        "-pkeyopt",
        curve,
        "-nodes",
        "-days",
        Integer.toString(days),
        "-subj",
        "/CN=webhook",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        "tls.key",
        "-out",
        "tls.crt");
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("openssl").directory(folder.toFile());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException, GeneralSecurityException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("https://127.0.0.1:" + server.address().getPort() + path));
  }

  /** As somebody who trusts the certificate in the folder, on a connection of its own. */
  private HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream file = Files.newInputStream(folder.resolve("tls.crt"))) {
      trusted.setCertificateEntry(
          "webhook", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
