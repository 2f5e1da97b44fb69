package io.rdmagid.deviceplugin.kubelet;

import io.grpc.stub.ServerCallStreamObserver;
import io.rdmagid.deviceplugin.transport.ServedStream;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ListAndWatch} of the kubelet. Every list makes the kubelet write its checkpoint, so at
 * most one goes out a second, the newest. It belongs to the edge's thread, but for {@link
 * #hasEnded}.
 */
final class DeviceListStream {
  /** What {@link #send} returns when only an event can bring something to send. */
  static final long NOTHING_DUE = Long.MAX_VALUE;

  private static final long SPACING = Duration.ofSeconds(1).toNanos();

  private final ServedStream<ListAndWatchResponse> call;
  private @Nullable ListAndWatchResponse sent;
  private long sentAt;

  /**
   * Takes over a call, in the call's own method.
   *
   * @param event called by any thread when the stream has ended or takes lists again
   */
  DeviceListStream(ServerCallStreamObserver<ListAndWatchResponse> call, Runnable event) {
    this.call = new ServedStream<>(call, event);
  }

  /** Whether the kubelet is no longer there. */
  boolean hasEnded() {
    return call.hasEnded();
  }

  /**
   * Sends the list if it differs from the last one, a second has passed since, and the kubelet
   * reads.
   *
   * @param now in nanoseconds, by {@link System#nanoTime}
   * @return the nanoseconds after which to ask again
   */
  long send(ListAndWatchResponse newest, long now) {
    if (newest.equals(sent) || !call.takesMore()) {
      return NOTHING_DUE;
    }
    if (sent != null && now - sentAt < SPACING) {
      return SPACING - (now - sentAt);
    }
    call.send(newest);
    sent = newest;
    sentAt = now;
    return NOTHING_DUE;
  }
}
