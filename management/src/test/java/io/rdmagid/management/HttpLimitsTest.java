package io.rdmagid.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the JDK's server does with the limits. They are the process's, so the test waits as long as
 * a caller that hangs may.
 */
class HttpLimitsTest {
  private static final String REQUEST = "GET /livez HTTP/1.1\r\nHost: a\r\n";
  private static final String ANSWER = "livez check passed\n";

  /** Less than an idle connection is kept, so that only a bound on their number closes it. */
  private static final Duration AT_ONCE = Duration.ofSeconds(8);

  private static final Duration HANGS = Duration.ofMinutes(2);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<Socket> sockets = new ArrayList<>();
  private ManagementServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(),
            List.of(),
            registry);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    registry.close();
  }

  @Test
  void halfRequestsAreLetGoOfAndTheirNumberIsBounded() throws IOException {
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < HttpLimits.CONNECTIONS; i++) {
      Socket socket = connect(HANGS);
      send(socket, REQUEST + "\r\n");
      assertThat(answer(socket)).endsWith(ANSWER); // so the server counts it
      held.add(socket);
    }

    assertThat(read(connect(AT_ONCE).getInputStream())).as("one too many").isEqualTo(-1);

    long start = System.nanoTime();
    for (Socket socket : held) {
      send(socket, REQUEST);
    }
    for (Socket socket : held) {
      assertThat(read(socket.getInputStream())).as("half a request").isEqualTo(-1);
    }
    // Milliseconds, as the module's page has it, would be over by now.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(5));

    Socket next = connect(HANGS);
    send(next, REQUEST + "\r\n");
    assertThat(answer(next)).endsWith(ANSWER);
  }

  @Test
  void aLongHeaderIsNotKept() throws IOException {
    Socket socket = connect(HANGS);

    send(socket, REQUEST + "X: " + "x".repeat(HttpLimits.HEADER_BYTES) + "\r\n\r\n");

    assertThat(answer(socket)).isEmpty();
  }

  private Socket connect(Duration patience) throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    sockets.add(socket);
    socket.setSoTimeout((int) patience.toMillis());
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** All up to the end of an answer, or of the connection, however that ends. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf(ANSWER) < 0) {
      int next = read(in);
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** A server that closes with something unread resets the connection. */
  private static int read(InputStream in) throws IOException {
    try {
      return in.read();
    } catch (SocketException e) {
      return -1;
    }
  }
}
