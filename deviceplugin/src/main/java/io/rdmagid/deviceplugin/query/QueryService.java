package io.rdmagid.deviceplugin.query;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.FindResponse;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryEntryResponse;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.WatchRequest;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The calls, each on a thread of its own; none of them waits for anything. */
final class QueryService extends GidTableQueryGrpc.GidTableQueryImplBase {
  private final Supplier<Optional<Published>> newest;
  private final Consumer<ServerCallStreamObserver<WatchResponse>> watches;

  /**
   * Answers from readings.
   *
   * @param newest the newest reading, empty before the first
   * @param watches takes over the calls that go on, within the call's own method
   */
  QueryService(
      Supplier<Optional<Published>> newest,
      Consumer<ServerCallStreamObserver<WatchResponse>> watches) {
    this.newest = newest;
    this.watches = watches;
  }

  @Override
  public void queryTable(QueryTableRequest request, StreamObserver<Table> out) {
    answer(out, QueryProblems.of(request), reading -> Answers.table(request, reading));
  }

  @Override
  public void queryEntry(QueryEntryRequest request, StreamObserver<QueryEntryResponse> out) {
    answer(out, QueryProblems.of(request), reading -> Answers.entry(request, reading));
  }

  @Override
  public void find(FindRequest request, StreamObserver<FindResponse> out) {
    answer(out, QueryProblems.of(request), reading -> Answers.find(request, reading));
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
    watches.accept((ServerCallStreamObserver<WatchResponse>) out);
  }

  private <R> void answer(StreamObserver<R> out, String problems, Function<Published, R> answer) {
    Optional<Published> reading = newest.get();
    if (!problems.isEmpty()) {
      out.onError(Status.INVALID_ARGUMENT.withDescription(problems).asRuntimeException());
    } else if (reading.isEmpty()) {
      out.onError(
          Status.UNAVAILABLE
              .withDescription("the agent has read nothing yet: try again")
              .asRuntimeException());
    } else {
      out.onNext(answer.apply(reading.get()));
      out.onCompleted();
    }
  }
}
