package io.rdmagid.management;

/**
 * What callers can cost this process by requests that they do not finish: bounds on time, number
 * and size for all its HTTP servers. The JDK's HttpServer takes them from system properties only,
 * when the process makes its first (sun.net.httpserver.ServerConfig).
 *
 * <p>Together they bound memory: a half-sent request holds some 20 KiB of buffers and four times
 * its header at most, so all of a server's take less than 8 MiB; the agent's heap has 64 MiB.
 */
public final class HttpLimits {
  /**
   * Seconds that a request, and its answer, may take to come and go: who hangs is let go of.
   * Seconds whatever the page of module jdk.httpserver says: ServerImpl.getTimeMillis multiplies by
   * 1,000.
   */
  static final int REQUEST_SECONDS = 10;

  /**
   * Connections a server, idle ones included; one more is closed at once. A kubelet and a
   * Prometheus need a few, and each API server keeps up to 25 idle ones to a webhook.
   */
  static final int CONNECTIONS = 128;

  /** Bytes of a request's line and header, 32 more a field: what other servers take by default. */
  static final int HEADER_BYTES = 8 * 1024;

  private HttpLimits() {}

  /**
   * Sets them, as whoever makes an HTTP server has to before; in vain once the process has made one
   * without. For any thread.
   */
  public static void set() {
    set("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    set("sun.net.httpserver.maxRspTime", REQUEST_SECONDS);
    set("jdk.httpserver.maxConnections", CONNECTIONS);
    set("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES);
  }

  private static void set(String property, int value) {
    System.setProperty(property, Integer.toString(value));
  }
}
