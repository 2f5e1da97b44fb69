package io.rdmagid.deviceplugin.transport;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * A call that is answered by message after message for as long as the client is there. Nothing
 * waits for a client that does not read. It belongs to the thread that sends, but for {@link
 * #hasEnded} and what sets it.
 */
public final class ServedStream<T> {
  private final ServerCallStreamObserver<T> call;
  private volatile boolean ended;

  /**
   * Takes over a call, in the call's own method.
   *
   * @param event called by any thread when the stream has ended or takes messages again
   */
  public ServedStream(ServerCallStreamObserver<T> call, Runnable event) {
    this.call = call;
    call.setOnReadyHandler(event);
    call.setOnCancelHandler(() -> {
      ended = true;
      event.run();
    });
  }

  /** Whether the client is no longer there. */
  public boolean hasEnded() {
    return ended;
  }

  /** Whether the client is there and reads. */
  public boolean takesMore() {
    return !ended && call.isReady();
  }

  /** Sends a message; unless {@link #takesMore} it stays in memory. */
  public void send(T message) {
    call.onNext(message);
  }

  /** Ends the call, if it has not ended yet. */
  public void end(Status why) {
    if (!ended) {
      ended = true;
      call.onError(why.asRuntimeException());
    }
  }
}
