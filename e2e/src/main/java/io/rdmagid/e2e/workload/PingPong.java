package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.Poll;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** RDMA traffic between two pods by ibv_rc_pingpong: it ends at once where an index is wrong. */
public final class PingPong {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private PingPong() {}

  /** What both sides printed, and how each ended. */
  public record Result(Output server, Output client) {
    /** Whether both ends finished all iterations. */
    public boolean passed() {
      return server.ok() && client.ok();
    }
  }

  /** Each side takes device, port and index from its own environment. */
  public static Result run(RdmaPod server, RdmaPod client, String pool) {
    return run(server, client, pool, "$RDMAGID_%s_0_GID_INDEX");
  }

  /** Each side takes this index, right or not. */
  public static Result hardCoded(RdmaPod server, RdmaPod client, String pool, int index) {
    return run(server, client, pool, Integer.toString(index));
  }

  private static Result run(RdmaPod server, RdmaPod client, String pool, String index) {
    String variable = RdmaPod.variable(pool);
    String command =
        "timeout 60 ibv_rc_pingpong -n 20 -d $RDMAGID_%1$s_0_DEVICE -i $RDMAGID_%1$s_0_PORT -g "
                .formatted(variable)
            + index.formatted(variable);
    String address = server.get("{.status.podIP}");
    CompletableFuture<Output> serving = CompletableFuture.supplyAsync(() -> server.run(command));
    // 18515 is 4853 in hexadecimal. With a wrong index the server may end before it listens.
    Poll.until(
        server.name() + " to listen",
        PATIENCE,
        () ->
            serving.isDone()
                || server.run("cat /proc/net/tcp /proc/net/tcp6 | grep -qi ':4853 '").ok(),
        () -> "ibv_rc_pingpong did not start");
    Output sent = client.run(command + " " + address);
    return new Result(serving.join(), sent);
  }
}
