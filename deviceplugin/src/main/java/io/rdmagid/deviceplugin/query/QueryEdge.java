package io.rdmagid.deviceplugin.query;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.transport.UnixSocket;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.transport.UnreadableRequests;
import io.rdmagid.deviceplugin.wire.ChangeMapping;
import io.rdmagid.deviceplugin.wire.Revision;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the node's tables on a Unix socket. A thread of its own numbers the readings and sends all
 * that watches are told; other calls are answered from the newest reading by their own threads. The
 * methods may be called by any thread.
 */
public final class QueryEdge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryEdge.class);
  private static final String ROOT_AND_ITS_GROUP = "rw-rw----";
  private static final int MOST_REQUEST_BYTES = 64 * 1024;
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(5);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  /** For clients that read; the others see their connection end. */
  private static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(1);

  private final Path socket;
  private final QueryMetrics metrics;
  private final UnixTransport transport = new UnixTransport("query");
  private final Handover handover = new Handover();
  private final Queue<WatchStream> opened = new ConcurrentLinkedQueue<>();
  private final Semaphore woken = new Semaphore(0);
  private final Server server;
  private final Thread thread = Thread.ofPlatform().name("query").unstarted(this::run);

  /** Of the thread. */
  private final List<WatchStream> streams = new ArrayList<>();

  /** Of the thread. */
  private final ChangeHistory history = new ChangeHistory();

  /** Written by the thread only. */
  private volatile @Nullable Published newest;

  private QueryEdge(Path socket, UnaryOperator<Inventory> told, MeterRegistry registry)
      throws IOException {
    this.socket = socket;
    this.metrics = new QueryMetrics(registry);
    ServerServiceDefinition service =
        ServerInterceptors.intercept(
            UnreadableRequests.refusedBy(
                new QueryService(
                        () -> Optional.ofNullable(newest).map(reading -> reading.as(told)),
                        this::open)
                    .bindService()),
            new CallLimit());
    try {
      this.server =
          transport.serve(
              socket,
              ROOT_AND_ITS_GROUP,
              builder ->
                  builder
                      .addService(service)
                      .maxInboundMessageSize(MOST_REQUEST_BYTES)
                      .maxConcurrentCallsPerConnection(CallLimit.MOST_CALLS)
                      .maxConnectionIdle(IDLE_LIMIT.toMinutes(), TimeUnit.MINUTES));
    } catch (IOException e) {
      transport.close();
      throw e;
    }
  }

  /**
   * Serves; until the first reading only watches are taken, and wait for it.
   *
   * @param socket an absolute path; its folder is made where it is missing, and a socket that a
   *     process which is gone left there is replaced
   * @param told what a client that asks once is told of a reading: it, or more, such as what is not
   *     read; called by any thread, for each request
   * @throws IOException if another process serves there, something else than a socket is there, or
   *     the socket cannot be made
   */
  public static QueryEdge start(Path socket, UnaryOperator<Inventory> told, MeterRegistry registry)
      throws IOException {
    Files.createDirectories(socket.resolveSibling(""));
    UnixSocket.removeStale(socket);
    QueryEdge edge = new QueryEdge(socket, told, registry);
    edge.thread.start();
    return edge;
  }

  /**
   * The node's tables are now these. It only hands them over.
   *
   * @param eventAt when the first event that led to this reading reached the agent
   * @param readAt when it was read
   */
  public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
    handover.put(new Reading(inventory, eventAt, readAt));
    woken.release();
  }

  /** Whether the thread lives. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Ends all calls, of which those that watch are told, and removes the socket. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      if (!thread.join(END_LIMIT)) {
        LOG.atWarn().log("query edge does not end");
      }
      server.shutdown();
      boolean _ = server.awaitTermination(LAST_WORDS_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      transport.end(server, socket);
    } finally {
      transport.close();
    }
  }

  private void open(ServerCallStreamObserver<WatchResponse> call) {
    opened.add(new WatchStream(call, woken::release));
    woken.release();
  }

  private void run() {
    try {
      while (true) {
        woken.acquire();
        int _ = woken.drainPermits();
        pass();
      }
    } catch (InterruptedException e) {
      LOG.atDebug().log("query edge ends");
    } finally {
      streams.forEach(WatchStream::end);
    }
  }

  private void pass() {
    for (WatchStream stream = opened.poll(); stream != null; stream = opened.poll()) {
      streams.add(stream);
    }
    send();
    for (Optional<Reading> next = handover.take(); next.isPresent(); next = handover.take()) {
      publish(next.get());
      send();
    }
    if (streams.removeIf(WatchStream::hasEnded) && streams.isEmpty()) {
      history.clear();
    }
    metrics.watches(streams.size());
  }

  private void publish(Reading reading) {
    Published before = newest;
    Revision revision =
        new Revision(
            before == null ? 1 : before.revision().number() + 1,
            reading.eventAt(),
            reading.readAt());
    if (before != null && !streams.isEmpty()) {
      history.add(changes(before.inventory(), reading.inventory(), revision));
    }
    newest = new Published(reading.inventory(), revision);
  }

  private static Changes changes(Inventory before, Inventory after, Revision revision) {
    Changes.Builder changes = TableMapping.changes(before, after, revision);
    InventoryDiff.between(before, after)
        .forEach(change -> changes.addChanges(ChangeMapping.change(change)));
    return changes.build();
  }

  private void send() {
    Published reading = newest;
    if (reading == null) {
      return;
    }
    for (WatchStream stream : streams) {
      long lost = stream.send(reading, history);
      if (lost > 0) {
        metrics.lost(lost);
        LOG.atDebug().addKeyValue("readings", lost).log("A client watches too slowly");
      }
    }
  }
}
