package io.rdmagid.e2e.testbed;

import java.time.Duration;

/** A Unix socket of a node, under a TCP port of the node that only this machine reaches. */
public final class BridgedSocket implements AutoCloseable {
  private static final int PORT = 9900;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Node node;
  private final String process;

  BridgedSocket(Node node, String socket) {
    this.node = node;
    this.process =
        node.sh(
                "setsid socat TCP-LISTEN:%d,bind=%s,reuseaddr,fork UNIX-CONNECT:%s > /dev/null 2>&1 & echo $!"
                    .formatted(PORT, node.address(), socket))
            .strip();
    Poll.until(
        "the bridge to " + socket,
        PATIENCE,
        () -> node.run("ss -Hltn sport = :" + PORT).out().contains(":" + PORT),
        () -> "socat of " + node.name() + " does not listen");
  }

  public String host() {
    return node.address();
  }

  public int port() {
    return PORT;
  }

  /** Ends all connections, too. */
  @Override
  public void close() {
    // setsid made it a group of its own, with a process a connection.
    String _ = node.sh("kill -- -" + process);
  }
}
