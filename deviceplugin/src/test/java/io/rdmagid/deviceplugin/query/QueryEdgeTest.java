package io.rdmagid.deviceplugin.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.proto.gidtable.Change.WhatCase;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service as clients see it, over a socket. */
@Timeout(120)
class QueryEdgeTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Instant EVENT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant READ = EVENT.plusMillis(3);

  @TempDir private Path temporary;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path socket;
  private QueryEdge edge;
  private Client client;

  /**
   * On a connection of its own: streams of one connection share a window, and wait for each other.
   */
  private Client slowClient;

  @BeforeEach
  void start() throws IOException {
    socket = temporary.resolve("folder").resolve("query.sock");
    edge = QueryEdge.start(socket, UnaryOperator.identity(), registry);
    client = new Client(socket);
    slowClient = new Client(socket);
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    slowClient.close();
    edge.close();
  }

  private Table table() {
    return client.calls().queryTable(QueryTableRequest.getDefaultInstance());
  }

  /** Hands over, and waits until clients see it. */
  private void read(Inventory inventory) {
    edge.changed(inventory, EVENT, READ);
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> TableMapping.inventory(table()).equals(inventory));
  }

  private void awaitWatches(int count) {
    await()
        .atMost(LIMIT)
        .until(() -> registry.get("rdmagid.query.watches").gauge().value() == count);
  }

  @Test
  void rootAndItsGroupMayAsk() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void beforeTheFirstReadingNothingIsSaid() {
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, this::table);

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("read nothing yet");
  }

  /** By all calls but watches, which hear of readings. */
  @Test
  void whoAsksIsToldWhatIsNotReadToo() throws IOException {
    Inventory inventory = Tables.of(Recordings.twoPorts());
    UnreadDevice foreign = UnreadDevice.foreign("mlx5_9");
    edge.close();
    edge =
        QueryEdge.start(
            socket,
            read -> new Inventory(read.devices(), List.of(foreign), read.namespaceMode()),
            registry);
    edge.changed(inventory, EVENT, READ);
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> table().getRevision() == 1);

    assertThat(TableMapping.inventory(table()).devices()).isEqualTo(inventory.devices());
    assertThat(TableMapping.inventory(table()).unreadDevices()).containsExactly(foreign);
    assertThat(
            client
                .calls()
                .queryEntry(QueryEntryRequest.newBuilder().setDevice("mlx5_9").setPort(1).build())
                .hasUnreadDevice())
        .isTrue();
  }

  @Test
  void oneReadingServesAnyNumberOfClients() throws ExecutionException, InterruptedException {
    Inventory inventory = Tables.of(Recordings.twoPorts());
    read(inventory);

    List<Future<Table>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        answers.add(
            clients.submit(() -> {
              try (Client other = new Client(socket)) {
                return other.calls().queryTable(QueryTableRequest.getDefaultInstance());
              }
            }));
      }
    }

    for (Future<Table> answer : answers) {
      Table table = answer.get();
      assertThat(table.getRevision()).isOne();
      assertThat(TableMapping.inventory(table)).isEqualTo(inventory);
      assertThat(TableMapping.instant(table.getEventTime())).isEqualTo(EVENT);
      assertThat(TableMapping.instant(table.getReadTime())).isEqualTo(READ);
    }
  }

  @Test
  void aWatchWaitsForTheFirstReadingAndIsThenToldOfEachChange() throws InterruptedException {
    Watcher watcher = client.watch();
    awaitWatches(1);

    read(Tables.addressAt(3));
    assertThat(watcher.next().getTable().getRevision()).isOne();
    edge.changed(Tables.addressAt(7), EVENT, READ);
    Changes moved = watcher.next().getChanges();
    edge.changed(Inventory.EMPTY, EVENT, READ);
    Changes removed = watcher.next().getChanges();

    assertThat(moved.getRevision()).isEqualTo(2);
    assertThat(TableMapping.instant(moved.getEventTime())).isEqualTo(EVENT);
    assertThat(TableMapping.instant(moved.getReadTime())).isEqualTo(READ);
    assertThat(moved.getChangesList()).hasSize(1);
    assertThat(moved.getChanges(0).getDevice()).isEqualTo("mlx5_0");
    assertThat(moved.getChanges(0).getEntryMoved().getFrom()).isEqualTo(3);
    assertThat(moved.getChanges(0).getEntryMoved().getTo()).isEqualTo(7);
    assertThat(removed.getChanges(0).getWhatCase()).isEqualTo(WhatCase.DEVICE_REMOVED);
    assertThat(removed.getDroppedList()).containsExactly("mlx5_0");
    assertThat(watcher.inventory).isEqualTo(Inventory.EMPTY);
    assertThat(watcher.losses).isZero();
  }

  @Test
  void everyWatcherFollowsAtItsOwnPace() throws InterruptedException {
    read(Tables.addressAt(0));
    Watcher quick = client.watch();
    quick.next();
    Watcher late = client.watch();
    awaitWatches(2);

    for (int index = 1; index <= 20; index++) {
      edge.changed(Tables.addressAt(index), EVENT, READ);
      quick.next();
      assertThat(quick.inventory).isEqualTo(Tables.addressAt(index));
    }
    while (late.revision < 21) {
      late.next();
    }

    assertThat(late.inventory).isEqualTo(Tables.addressAt(20));
    assertThat(quick.followed).isEqualTo(20);
    assertThat(quick.losses + late.losses).isZero();
  }

  @Test
  void whoeverReadsTooSlowlyIsToldWhatItLostAndEndsWithTheNewestTable()
      throws InterruptedException {
    read(Tables.full(1));
    Watcher slow = slowClient.watch();
    slow.next();
    Watcher quick = client.watch();
    quick.next();

    long newest = 1;
    for (int i = 2; newest < 2 * ChangeHistory.MOST_READINGS; i++) {
      edge.changed(Tables.full(i), EVENT, READ);
      while (quick.revision == newest) {
        quick.next();
      }
      newest = quick.revision;
    }
    while (slow.revision < newest) {
      slow.next();
    }

    assertThat(slow.losses).isOne();
    assertThat(slow.lost).isGreaterThan(ChangeHistory.MOST_READINGS);
    assertThat(1 + slow.followed + slow.lost).isEqualTo(newest);
    assertThat(slow.inventory).isEqualTo(quick.inventory);
    assertThat(quick.losses).isZero();
    assertThat(quick.followed).isEqualTo(newest - 1);
    // Counted once it was told.
    await()
        .untilAsserted(() ->
            assertThat(registry.get("rdmagid.query.lost").counter().count())
                .isEqualTo((double) slow.lost));
  }

  @Test
  void afterALossAWatchGoesOnWithChanges() throws InterruptedException {
    read(Tables.full(1));
    Watcher slow = slowClient.watch();
    slow.next();
    Watcher quick = client.watch();
    quick.next();
    int i = 2;
    while (quick.revision < 2 * ChangeHistory.MOST_READINGS) {
      edge.changed(Tables.full(i++), EVENT, READ);
      quick.next();
    }
    while (slow.revision < quick.revision) {
      slow.next();
    }

    edge.changed(Tables.full(i), EVENT, READ);
    WatchResponse event = slow.next();

    assertThat(event.hasChanges()).isTrue();
    assertThat(slow.inventory).isEqualTo(Tables.full(i));
  }

  @Test
  void whoeverGoesIsForgotten() throws InterruptedException {
    read(Tables.addressAt(1));
    Watcher watcher = client.watch();
    watcher.next();
    awaitWatches(1);

    watcher.cancel();
    awaitWatches(0);
    Watcher next = client.watch();
    read(Tables.addressAt(2));

    assertThat(next.next().hasTable()).isTrue();
  }

  @Test
  void watchesHaveALimitThatLeavesRoomForQueries() throws InterruptedException {
    read(Tables.addressAt(1));
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < CallLimit.MOST_WATCHES; i++) {
      watchers.add(client.watch());
      watchers.getLast().next();
    }

    Status refusal = client.watch().end();
    assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refusal.getDescription()).contains("48 watches");
    assertThat(table().getRevision()).isOne();

    watchers.getFirst().cancel();
    awaitWatches(CallLimit.MOST_WATCHES - 1);
    assertThat(client.watch().next().hasTable()).isTrue();
  }

  @Test
  void theEndOfTheAgentEndsWatchesAndRemovesTheSocket() throws IOException, InterruptedException {
    read(Tables.addressAt(1));
    Watcher watcher = client.watch();
    watcher.next();

    edge.close();

    assertThat(watcher.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(socket).doesNotExist();
    assertThat(edge.isAlive()).isFalse();
    edge = QueryEdge.start(socket, UnaryOperator.identity(), registry);
    read(Tables.addressAt(2));
  }

  @Test
  void aSocketThatAFormerAgentLeftIsReplaced() throws IOException {
    edge.close();
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();

    edge = QueryEdge.start(socket, UnaryOperator.identity(), registry);

    read(Tables.addressAt(1));
  }

  @Test
  void aSocketThatAnotherAgentServesIsLeftToIt() {
    assertThatThrownBy(() -> QueryEdge.start(socket, UnaryOperator.identity(), registry))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("served by another process");

    read(Tables.addressAt(1));
  }
}
