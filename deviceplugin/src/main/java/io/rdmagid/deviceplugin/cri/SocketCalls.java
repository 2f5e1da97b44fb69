package io.rdmagid.deviceplugin.cri;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/**
 * Calls over Unix sockets, each over a connection of its own: starts of containers are rare, and
 * whoever was started again meanwhile is reached at once. Its methods may come from any thread.
 */
final class SocketCalls {
  /** Of one call. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  /** As much as the kubelet takes of a runtime: k8s.io/cri-client, pkg/remote_runtime.go. */
  private static final int LARGEST_ANSWER = 16 << 20;

  private final UnixTransport transport;

  /** Calls nobody yet. The transport stays the caller's to close. */
  SocketCalls(UnixTransport transport) {
    this.transport = transport;
  }

  /**
   * What a call answers.
   *
   * @param who serves there, for people
   * @param call has a deadline
   * @throws CallFailedException if there is no answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  <T> T call(String who, Path socket, Function<ManagedChannel, T> call)
      throws CallFailedException, InterruptedException {
    ManagedChannel channel =
        transport.dial(socket, settings -> settings.maxInboundMessageSize(LARGEST_ANSWER));
    try {
      return call.apply(channel);
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while calling " + who);
      }
      throw new CallFailedException(
          who + " does not answer on " + socket + ": " + UnixTransport.reason(e),
          e.getStatus().getCode(),
          e);
    } finally {
      channel.shutdownNow();
    }
  }
}
