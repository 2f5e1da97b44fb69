package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.query.QueryEdge;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc;
import io.rdmagid.proto.gidtable.Lost;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.WatchRequest;
import io.rdmagid.proto.gidtable.WatchResponse;
import io.rdmagid.terminal.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, served by an agent. */
@Timeout(120)
class AgentCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Instant EVENT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Path RECORDING = Recordings.twoPorts();

  @TempDir private Path folder;
  private Path socket;
  private QueryEdge edge;

  @BeforeEach
  void start() throws IOException {
    socket = folder.resolve("query.sock");
    edge = QueryEdge.start(socket, UnaryOperator.identity(), new SimpleMeterRegistry());
  }

  @AfterEach
  void end() throws IOException {
    edge.close();
  }

  private static Outcome run(List<String> words, String... more) {
    List<String> arguments = new ArrayList<>(words);
    arguments.addAll(List.of(more));
    return Outcome.of(arguments);
  }

  private Outcome byAgent(String... words) {
    return run(List.of(words), "--agent", socket.toString());
  }

  /** Hands over, and waits until commands see it. */
  private void read(Inventory inventory) {
    edge.changed(inventory, EVENT, EVENT);
    await().atMost(LIMIT).until(() -> !byAgent("show").err().contains("read nothing yet"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "show",
        "show -o wide",
        "show -o json",
        "show -o yaml",
        "show -o jsonl",
        "entry mlx5_0 1 3 -o wide",
        "entry mlx5_0 1 9",
        "entry mlx5_0 1 256",
        "entry mlx5_7 1 0",
        "find --ip 192.168.7.9 -o json",
        "find --netdev ens1f0 --type rocev2",
        "find --ip 10.9.9.9",
        "explain --env NCCL_IB_GID_INDEX=1",
        "explain --env NCCL_IB_GID_INDEX=2 -o json"
      })
  void theAgentsAnswerIsThatOfTheRecording(String line) {
    read(Tables.of(RECORDING));
    List<String> words = List.of(line.split(" ", -1));

    Outcome byRecording = run(words, "--recording", RECORDING.toString());
    Outcome byAgent = byAgent(words.toArray(String[]::new));

    assertThat(byAgent.code()).isEqualTo(byRecording.code());
    assertThat(byAgent.out())
        .isEqualTo(byRecording.out().replace("\"" + RECORDING + "\"", "\"agent\""));
    assertThat(byAgent.err().replace("Told by the agent; --agent none reads the kernel.\n", ""))
        .isEqualTo(byRecording.err());
  }

  @Test
  void whereTheTableCameFromIsToldWhereThereIsRoom() {
    read(Tables.of(RECORDING));

    assertThat(byAgent("show", "-o", "wide").err()).contains("Told by the agent");
    assertThat(byAgent("show").err()).doesNotContain("Told by the agent");
    assertThat(byAgent("show", "-o", "json").out()).startsWith("{\"source\":\"agent\"");
  }

  @Test
  void devicesThatTheAgentCannotReadAreRefusals() {
    read(
        new Inventory(
            Tables.of(RECORDING).devices(),
            List.of(UnreadDevice.refused("mlx5_9", "EPERM (1): run as root"))));

    Outcome outcome = byAgent("show");

    assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(outcome.out()).contains("mlx5_0");
    assertThat(outcome.err()).contains("mlx5_9: EPERM (1): run as root");
  }

  /** In exclusive mode pods have devices all the time: nothing is wrong with that. */
  @ParameterizedTest
  @CsvSource({"show, 0", "find --ip 10.0.0.5, 0", "find --ip 10.9.9.9, 1", "explain, 0"})
  void devicesOfOtherNamespacesAreToldAndAreNoRefusals(String words, int code) {
    read(
        new Inventory(
            Tables.of(RECORDING).devices(),
            List.of(UnreadDevice.foreign("mlx5_8"), UnreadDevice.foreign("mlx5_9")),
            RdmaNamespaceMode.EXCLUSIVE));

    Outcome outcome = byAgent(words.split(" ", -1));

    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.err().lines())
        .containsOnlyOnce(
            "rdmagid: of other network namespaces, and read from there (show --netns PID|PATH):"
                + " mlx5_8, mlx5_9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "watch"})
  void anAgentThatTheUserNamesHasToAnswer(String command) throws IOException {
    Outcome tooEarly = byAgent(command);
    edge.close();
    Outcome away = byAgent(command);

    assertThat(tooEarly.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(tooEarly.err()).contains("--agent " + socket + ": UNAVAILABLE", "read nothing yet");
    assertThat(away.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(away.err()).contains("no agent listens there");
  }

  @Test
  void anAgentWithoutTheServiceSaysSo() throws IOException {
    edge.close();
    UnixTransport transport = new UnixTransport("other");
    Server other = transport.serve(socket, "rw-------", server -> server);
    try {
      Outcome outcome = byAgent("show");

      assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
      assertThat(outcome.err()).contains("the agent is of a version without this service");
    } finally {
      transport.end(other, socket);
      transport.close();
    }
  }

  @Test
  void agentAndRecordingExcludeEachOther() {
    Outcome outcome = byAgent("show", "--recording", RECORDING.toString());

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--agent and --recording exclude each other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"find", "show"})
  void anAgentHasNoOtherNamespaceToLookInto(String command) {
    Outcome outcome = byAgent(command, "--netns", "1");

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).startsWith("rdmagid: --agent and --netns exclude each other");
    assertThat(run(List.of(command, "--netns", "1", "--agent", "none")).code())
        .isNotEqualTo(ExitCode.USAGE);
  }

  /** What the kernel says is the machine's: that it is the one who is asked shows in the words. */
  @Test
  void noneAsksTheKernel() {
    read(Tables.of(RECORDING));

    Outcome outcome = run(List.of("show", "--agent", "none", "-o", "json"));

    assertThat(outcome.out()).doesNotContain("mlx5_0").doesNotContain("\"agent\"");
  }

  @Test
  void whatAWatchHasLostIsTold() throws IOException {
    edge.close();
    UnixTransport transport = new UnixTransport("other");
    Server other =
        transport.serve(socket, "rw-------", server -> server.addService(new LosingService()));
    try {
      Outcome outcome = byAgent("watch");

      assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
      assertThat(outcome.err())
          .isEqualTo(
              """
              Watching 0 devices.
              rdmagid: 7 readings came too fast; what they made follows
              rdmagid: the agent has ended
              """);
    } finally {
      transport.end(other, socket);
      transport.close();
    }
  }

  /** An agent that has no devices, and loses what it should tell a watch. */
  private static final class LosingService extends GidTableQueryGrpc.GidTableQueryImplBase {
    @Override
    public void queryTable(QueryTableRequest request, StreamObserver<Table> out) {
      out.onNext(Table.getDefaultInstance());
      out.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
      WatchResponse table = WatchResponse.newBuilder().setTable(Table.getDefaultInstance()).build();
      out.onNext(table);
      out.onNext(WatchResponse.newBuilder().setLost(Lost.newBuilder().setReadings(7)).build());
      out.onNext(table);
      out.onCompleted();
    }
  }

  /** Each line is read as it comes, so nothing waits for a time. */
  @Test
  void watchFollowsTheAgentUntilItEnds() throws IOException, InterruptedException {
    read(Tables.addressAt(3));
    PipedWriter outEnd = new PipedWriter();
    PipedWriter errEnd = new PipedWriter();
    AtomicInteger code = new AtomicInteger(-1);
    try (BufferedReader out = new BufferedReader(new PipedReader(outEnd));
        BufferedReader err = new BufferedReader(new PipedReader(errEnd))) {
      Thread command =
          Thread.ofPlatform()
              .start(() ->
                  code.set(
                      RdmagidMain.run(
                          new PrintWriter(outEnd),
                          new PrintWriter(errEnd, true),
                          "watch",
                          "--agent",
                          socket.toString())));
      assertThat(err.readLine()).isEqualTo("Watching 1 devices.");

      edge.changed(Tables.addressAt(7), EVENT, EVENT);
      assertThat(out.readLine())
          .isEqualTo(EVENT + "  mlx5_0/1 ::ffff:10.0.0.5 RoCEv2 moved from index 3 to 7");
      edge.changed(Inventory.EMPTY, EVENT, EVENT);
      assertThat(out.readLine()).isEqualTo(EVENT + "  device mlx5_0 removed");
      edge.close();

      assertThat(err.readLine()).isEqualTo("rdmagid: the agent has ended");
      assertThat(command.join(LIMIT)).isTrue();
      assertThat(code).hasValue(ExitCode.REFUSED);
    }
  }
}
