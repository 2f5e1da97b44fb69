package io.rdmagid.deviceplugin.query;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.rdmagid.deviceplugin.transport.ServedStream;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.Lost;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.util.Optional;

/**
 * One {@code Watch}. It knows no more than which reading the client was told of last: nothing waits
 * here for a client that does not read. It belongs to the edge's thread, but for {@link #hasEnded}.
 */
final class WatchStream {
  private final ServedStream<WatchResponse> call;

  /** The revision that the client was told of last; 0 for none. */
  private long told;

  /**
   * Takes over a call, in the call's own method.
   *
   * @param event called by any thread when the stream has ended or takes messages again
   */
  WatchStream(ServerCallStreamObserver<WatchResponse> call, Runnable event) {
    this.call = new ServedStream<>(call, event);
  }

  /** Whether the client is no longer there. */
  boolean hasEnded() {
    return call.hasEnded();
  }

  /**
   * Sends what the client does not know yet, for as long as it reads.
   *
   * @return how many readings it has lost
   */
  long send(Published newest, ChangeHistory history) {
    long lost = 0;
    while (call.takesMore() && told < newest.revision().number()) {
      Optional<Changes> next = told == 0 ? Optional.empty() : history.after(told);
      if (next.isPresent()) {
        call.send(WatchResponse.newBuilder().setChanges(next.get()).build());
        told++;
        continue;
      }
      if (told != 0) {
        lost = newest.revision().number() - told;
        call.send(WatchResponse.newBuilder().setLost(Lost.newBuilder().setReadings(lost)).build());
      }
      call.send(WatchResponse.newBuilder().setTable(newest.table()).build());
      told = newest.revision().number();
    }
    return lost;
  }

  /** The agent ends. */
  void end() {
    call.end(Status.UNAVAILABLE.withDescription("the agent ends"));
  }
}
