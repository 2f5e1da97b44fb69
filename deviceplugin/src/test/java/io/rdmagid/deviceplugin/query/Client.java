package io.rdmagid.deviceplugin.query;

import io.grpc.ManagedChannel;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc.GidTableQueryBlockingStub;
import io.rdmagid.proto.gidtable.WatchRequest;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client over a real socket, with a small window, so that a reader is soon a slow one. */
final class Client implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;
  private static final int SMALLEST_WINDOW = 65_535;

  private final UnixTransport transport = new UnixTransport("client");
  private final ManagedChannel channel;

  Client(Path socket) {
    channel =
        transport.dial(
            socket,
            settings ->
                settings.flowControlWindow(SMALLEST_WINDOW).maxInboundMessageSize(64 << 20));
  }

  ManagedChannel channel() {
    return channel;
  }

  GidTableQueryBlockingStub calls() {
    return GidTableQueryGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins to watch, and reads nothing yet. */
  Watcher watch() {
    Watcher watcher = new Watcher();
    GidTableQueryGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), watcher);
    return watcher;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    transport.close();
  }
}
