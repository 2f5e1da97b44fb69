package io.rdmagid.deviceplugin.query;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;

/**
 * Bounds the calls of all clients together. A call counts until its answer has gone out, so that
 * answers that nobody reads are bounded, too. Safe for use by any thread.
 */
final class CallLimit implements ServerInterceptor {
  static final int MOST_CALLS = 64;

  /** The rest stays for calls that end: whoever only asks is not kept out by those who watch. */
  static final int MOST_WATCHES = 48;

  private final Semaphore calls = new Semaphore(MOST_CALLS);
  private final Semaphore watches = new Semaphore(MOST_WATCHES);

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    boolean watch = call.getMethodDescriptor().getType() == MethodType.SERVER_STREAMING;
    if (watch && !watches.tryAcquire()) {
      return refused(call, MOST_WATCHES + " watches");
    }
    if (!calls.tryAcquire()) {
      if (watch) {
        watches.release();
      }
      return refused(call, MOST_CALLS + " calls");
    }
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        end();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        end();
        super.onCancel();
      }

      // gRPC ends each call by exactly one of the two.
      private void end() {
        calls.release();
        if (watch) {
          watches.release();
        }
      }
    };
  }

  private static <Q, R> ServerCall.Listener<Q> refused(ServerCall<Q, R> call, String most) {
    call.close(
        Status.RESOURCE_EXHAUSTED.withDescription("there are " + most + " already: try again"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
