package io.rdmagid.deviceplugin.command;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.WatchRequest;
import io.rdmagid.proto.gidtable.WatchResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The node's agent, asked by gRPC. It alone of the commands' classes knows gRPC, and is loaded only
 * where something listens: those libraries take longer to load than the kernel to read. Its methods
 * belong to one thread, but for {@link #stop}.
 */
final class AgentClient implements AutoCloseable {
  /** Hundreds of ports with full tables. */
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private static final String ENDED = "the agent has ended";

  /** Held, since a level is lost with its logger: what people need to know the commands print. */
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

  private final UnixTransport transport = new UnixTransport("agent");
  private final ManagedChannel channel;
  private volatile boolean stopped;

  AgentClient(Path socket) {
    GRPC_LOG.setLevel(Level.OFF);
    channel =
        transport.dial(
            socket, settings -> settings.maxInboundMessageSize(MOST_BYTES).disableRetry());
  }

  /**
   * The tables as the agent read them last.
   *
   * @param patience for an agent that hangs, and for this process, which loads its libraries first
   *     on a node that may be busy; an agent that does not hang answers within milliseconds
   */
  AgentAnswer table(Duration patience) {
    try {
      Table table =
          GidTableQueryGrpc.newBlockingStub(channel)
              .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
              .queryTable(QueryTableRequest.getDefaultInstance());
      return new AgentAnswer.Told(TableMapping.inventory(table));
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE -> new AgentAnswer.Away(UnixTransport.reason(e));
        case UNIMPLEMENTED ->
            new AgentAnswer.Away("the agent is of a version without this service");
        default -> new AgentAnswer.Failed(UnixTransport.reason(e));
      };
    } catch (IllegalArgumentException e) {
      return new AgentAnswer.Failed(otherVersion(e));
    }
  }

  /**
   * Tells of the tables, and again with every change, until the agent ends or somebody stops it.
   *
   * @param listener called on this thread
   * @param lost takes how many readings came too fast for the listener; the newest follows
   * @return why there are no more, for people; empty where it was stopped or interrupted
   */
  String watch(InventoryListener listener, LongConsumer lost) {
    Inventory inventory = Inventory.EMPTY;
    try {
      Iterator<WatchResponse> events =
          GidTableQueryGrpc.newBlockingStub(channel).watch(WatchRequest.getDefaultInstance());
      while (!stopped && events.hasNext()) {
        WatchResponse event = events.next();
        switch (event.getEventCase()) {
          case TABLE -> {
            Table table = event.getTable();
            inventory = TableMapping.inventory(table);
            listener.changed(
                inventory,
                TableMapping.instant(table.getEventTime()),
                TableMapping.instant(table.getReadTime()));
          }
          case CHANGES -> {
            Changes changes = event.getChanges();
            inventory = TableMapping.after(inventory, changes);
            listener.changed(
                inventory,
                TableMapping.instant(changes.getEventTime()),
                TableMapping.instant(changes.getReadTime()));
          }
          case LOST -> lost.accept(event.getLost().getReadings());
          case EVENT_NOT_SET -> {} // a newer agent's, and so nothing that this one waits for
        }
      }
      return stopped ? "" : ENDED;
    } catch (StatusRuntimeException e) {
      if (stopped || Thread.currentThread().isInterrupted()) {
        return "";
      }
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE, CANCELLED -> ENDED;
        default -> "the agent: " + UnixTransport.reason(e);
      };
    } catch (IllegalArgumentException e) {
      return otherVersion(e);
    }
  }

  /** Ends {@link #watch} soon. */
  void stop() {
    stopped = true;
    channel.shutdownNow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    transport.close();
  }

  private static String otherVersion(IllegalArgumentException e) {
    return "the agent is of another version: " + e.getMessage();
  }
}
