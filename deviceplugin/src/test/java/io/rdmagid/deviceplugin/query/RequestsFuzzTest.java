package io.rdmagid.deviceplugin.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.BoundedTries;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.proto.gidtable.EntryType;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever clients send: they get a status that says what is wrong, and the server goes on. */
@BoundedTries(mebibytes = 64)
class RequestsFuzzTest {
  private static final long LIMIT_SECONDS = 30;
  private static final List<String> METHODS =
      List.of("QueryTable", "QueryEntry", "Find", "Watch", "NoSuchMethod");
  private static final List<byte[]> REQUESTS =
      List.of(
          QueryEntryRequest.newBuilder()
              .setDevice("mlx5_0")
              .setPort(1)
              .setIndex(3)
              .build()
              .toByteArray(),
          FindRequest.newBuilder()
              .setAddress("10.0.0.5")
              .setNetdev("ens1f0")
              .setType(EntryType.ENTRY_TYPE_ROCE_V2)
              .build()
              .toByteArray());

  /** Held, since a logger's handlers are lost with it. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private static final Queue<String> COMPLAINTS = new ConcurrentLinkedQueue<>();

  private static Path folder;
  private static QueryEdge edge;
  private static Client client;

  @BeforeContainer
  static void start() throws IOException {
    GRPC.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord complaint) {
            if (complaint.getLevel().intValue() >= Level.SEVERE.intValue()) {
              COMPLAINTS.add(complaint.getMessage() + " " + complaint.getThrown());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    folder = Files.createTempDirectory("query");
    edge =
        QueryEdge.start(
            folder.resolve("query.sock"), UnaryOperator.identity(), new SimpleMeterRegistry());
    edge.changed(Tables.of(Recordings.twoPorts()), Instant.EPOCH, Instant.EPOCH);
    client = new Client(folder.resolve("query.sock"));
    // The first table of a watch comes with the first reading.
    assertThat(serverAnswers()).isTrue();
  }

  @AfterContainer
  static void end() throws IOException {
    client.close();
    edge.close();
    Files.delete(folder);
    assertThat(COMPLAINTS).isEmpty();
  }

  private static boolean serverAnswers() {
    Watcher watcher = client.watch();
    try {
      boolean answered = watcher.next().hasTable();
      watcher.cancel();
      return answered && edge.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
          try {
            return message.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  /** Reads the first answer; the call is then given up, which ends a watch. */
  private static Status send(String method, byte[] request) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("rdmagid.gidtable.v1.GidTableQuery/" + method)
            .build();
    try (CancellableContext call = Context.current().withCancellation()) {
      return status(() ->
          call.run(() -> {
            byte[] _ =
                ClientCalls.blockingServerStreamingCall(
                        client.channel(),
                        descriptor,
                        CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS),
                        request)
                    .next();
          }));
    }
  }

  private static void assertRefused(Status status, String... problems) {
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo(String.join("; ", problems));
  }

  @Example
  void allThatIsWrongIsTold() {
    assertRefused(
        status(() -> {
          var _ =
              client
                  .calls()
                  .find(
                      FindRequest.newBuilder()
                          .setAddress("rail0")
                          .setNetdev("n".repeat(16))
                          .setTypeValue(7)
                          .setPort(1)
                          .build());
        }),
        "address: is neither an IP address nor a GID, without a scope",
        "netdev: has 16 characters, more than 15",
        "type: 7 is no EntryType that this agent knows",
        "device: is missing, a port alone says nothing");
    assertRefused(
        status(() -> {
          var _ = client.calls().queryEntry(QueryEntryRequest.getDefaultInstance());
        }),
        "device: is missing, name one such as mlx5_0",
        "port: is missing, ports count from 1");
    assertRefused(
        status(() -> {
          var _ =
              client
                  .calls()
                  .queryTable(QueryTableRequest.newBuilder().setDevice("m".repeat(60_000)).build());
        }),
        "device: has 60000 characters, more than 63");
    assertRefused(
        status(() -> {
          var _ =
              client.calls().queryTable(QueryTableRequest.newBuilder().setDevice("a\nb").build());
        }),
        "device: has control characters");
    assertRefused(
        status(() -> {
          var _ = client.calls().find(FindRequest.newBuilder().setAddress("fe80::1%lo").build());
        }),
        "address: is neither an IP address nor a GID, without a scope");
  }

  @Example
  void aRequestOfMoreThan64KibIsRefused() {
    Status status =
        send(
            "QueryTable",
            QueryTableRequest.newBuilder().setDevice("m".repeat(70_000)).build().toByteArray());

    assertThat(status.getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    assertThat(serverAnswers()).isTrue();
  }

  @Example
  void whatIsNoMessageIsRefused() {
    assertRefused(
        send("Find", new byte[] {0x0a, 0x7f}),
        "the request is no message of rdmagid.gidtable.v1.GidTableQuery");
    assertThat(send("NoSuchMethod", new byte[0]).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Property
  void anyBytesAreAnsweredOrRefused(
      @ForAll @IntRange(max = 4) int method, @ForAll("requests") byte[] request) {
    assertThat(send(METHODS.get(method), request).getCode())
        .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.UNIMPLEMENTED);
  }

  @Provide
  Arbitrary<byte[]> requests() {
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
    Arbitrary<byte[]> changed =
        Arbitraries.of(REQUESTS)
            .flatMap(request ->
                Arbitraries.integers()
                    .between(0, request.length - 1)
                    .flatMap(at ->
                        Arbitraries.bytes()
                            .map(value -> {
                              byte[] copy = request.clone();
                              copy[at] = value;
                              return copy;
                            })));
    return Arbitraries.oneOf(any, changed);
  }

  /** Not even HTTP/2. */
  @Property
  void whoeverSpeaksAnotherProtocolHarmsNobody(@ForAll @Size(max = 100) byte[] bytes)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(folder.resolve("query.sock")));
      channel.write(
          ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      channel.write(ByteBuffer.wrap(bytes));
    }

    assertThat(serverAnswers()).isTrue();
  }
}
