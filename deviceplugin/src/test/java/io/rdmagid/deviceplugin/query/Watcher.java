package io.rdmagid.deviceplugin.query;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.proto.gidtable.WatchRequest;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client's end of a Watch: reads when it is told to, and follows what it is told. */
final class Watcher implements ClientResponseObserver<WatchRequest, WatchResponse> {
  private static final long LIMIT_SECONDS = 30;

  private final BlockingQueue<WatchResponse> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private volatile ClientCallStreamObserver<WatchRequest> call;

  /** What the client holds. */
  Inventory inventory = Inventory.EMPTY;

  long revision;

  /** Readings that it was told of one by one. */
  int followed;

  /** Readings that it was told to have lost, and how often. */
  long lost;

  int losses;

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    stream.disableAutoRequestWithInitial(0);
    call = stream;
  }

  @Override
  public void onNext(WatchResponse event) {
    events.add(event);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  /** Reads the next message, and does what it says. */
  WatchResponse next() throws InterruptedException {
    call.request(1);
    WatchResponse event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came; the stream's end: " + end.getNow(null));
    }
    switch (event.getEventCase()) {
      case TABLE -> {
        inventory = TableMapping.inventory(event.getTable());
        revision = event.getTable().getRevision();
      }
      case CHANGES -> {
        inventory = TableMapping.after(inventory, event.getChanges());
        revision = event.getChanges().getRevision();
        followed++;
      }
      case LOST -> {
        lost += event.getLost().getReadings();
        losses++;
      }
      case EVENT_NOT_SET -> throw new AssertionError("an empty event");
    }
    return event;
  }

  void cancel() {
    call.cancel("enough", null);
  }

  /** Waits for the end of the stream. */
  Status end() {
    return end.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}
