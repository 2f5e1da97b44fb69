package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RecordCommandTest {
  private static final String SAMPLE = Recordings.twoPorts().toString();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  /** On a kernel that gives this. */
  private int runOn(OneReading.Result kernel, String... arguments) {
    return new CommandLine(
            new RecordCommand(
                () -> kernel,
                (_, _) -> {
                  throw new AssertionError("nobody asked for changes");
                }))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static Recording read(RecordingResult result) {
    return switch (result) {
      case RecordingResult.Valid(Recording recording) -> recording;
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  /** With numbers of links that no machine has. */
  private static Inventory sample() {
    try {
      return read(RecordingReader.parse(
              Files.readString(Recordings.twoPorts())
                  .replace("\"ifindex\": ", "\"ifindex\": 90000")))
          .inventory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRecordingIsWrittenAnew() throws IOException {
    Path file = folder.resolve("new.json");

    assertThat(run("record", "--recording", SAMPLE, "-f", file.toString())).isZero();
    assertThat(run("record", "--recording", file.toString())).isZero();

    assertThat(RecordingReader.read(file)).isEqualTo(RecordingReader.read(Path.of(SAMPLE)));
    assertThat(out.toString()).isEqualTo(Files.readString(file));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    assertThat(err.toString()).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void devicesAndVariablesCanBeNamed() {
    assertThat(
            run(
                "record",
                "--recording",
                SAMPLE,
                "--device",
                "mlx5_1",
                "--env",
                "UCX_TLS=rc",
                "A=b"))
        .isZero();

    Recording recording = read(RecordingReader.parse(out.toString()));
    assertThat(recording.inventory().devices()).extracting(Device::name).containsExactly("mlx5_1");
    assertThat(recording.environment())
        .isEqualTo(Map.of("NCCL_IB_GID_INDEX", "3", "UCX_TLS", "rc", "A", "b"));
    out.getBuffer().setLength(0);

    assertThat(run("record", "--recording", SAMPLE, "--device", "rxe7")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualTo("rdmagid: no device rxe7; there are mlx5_0, mlx5_1\n");
  }

  @Test
  void aFileThatIsThereIsReplacedByForceOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("kept.json"), "kept");

    assertThat(run("record", "--recording", SAMPLE, "-f", file.toString())).isEqualTo(2);
    assertThat(Files.readString(file)).isEqualTo("kept");
    assertThat(err.toString()).contains("kept.json is there: replace it by --force");

    assertThat(run("record", "--recording", SAMPLE, "-f", file.toString(), "--force")).isZero();
    assertThat(RecordingReader.read(file)).isEqualTo(RecordingReader.read(Path.of(SAMPLE)));
  }

  @Test
  void whatCannotBeWrittenIsToldAndLeavesNothing() throws IOException {
    Path nowhere = folder.resolve("none/new.json");
    assertThat(run("record", "--recording", SAMPLE, "-f", nowhere.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("new.json cannot be written: ");

    Path inTheWay = Files.createDirectories(folder.resolve("folder/full")).resolveSibling("");
    assertThat(run("record", "--recording", SAMPLE, "-f", inTheWay.toString(), "--force"))
        .isEqualTo(2);
    assertThat(err.toString()).contains(inTheWay + " is no regular file: ");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(inTheWay);
    }
  }

  /** Renaming a file over it would take the device node from everybody. */
  @Test
  void aDeviceNodeIsNotReplaced() {
    assertThat(run("record", "--recording", SAMPLE, "-f", "/dev/null", "--force")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("rdmagid: /dev/null is no regular file: leave -f out for the standard output\n");
  }

  @Test
  void optionsThatDoNotGoTogetherAreAllTold() {
    assertThat(run("record", "--watch", "--force", "--recording", SAMPLE)).isEqualTo(2);

    assertThat(err.toString())
        .isEqualTo(
            """
            rdmagid: --force without -f: there is no file to replace
            rdmagid: --watch without -f: name the file to keep up to date
            rdmagid: --watch with --recording: leave one out, a recording is a file already
            """);
  }

  @Test
  void theKernelIsRecordedWithTheLinksOfNow() {
    assertThat(runOn(new OneReading.Result.Read(sample(), List.of(), Map.of()), "--env", "A=b"))
        .isZero();

    Recording recording = read(RecordingReader.parse(out.toString()));
    // The entries of this namespace are of links that this machine lacks: they were added.
    assertThat(recording.inventory()).isEqualTo(sample());
    assertThat(recording.links()).anyMatch(link -> link.name().equals("lo"));
    assertThat(recording.capture().kernel()).isEqualTo(System.getProperty("os.version"));
    assertThat(recording.environment()).isEqualTo(Map.of("A", "b"));
  }

  /** They are more than the format has room for, where virtual functions are in pods. */
  @Test
  void devicesOfOtherNamespacesAreToldAndNotWritten() {
    List<UnreadDevice> foreign =
        IntStream.range(0, 65).mapToObj(i -> UnreadDevice.foreign("mlx5_v" + i)).toList();
    OneReading.Result kernel =
        new OneReading.Result.Read(
            new Inventory(sample().devices(), foreign, RdmaNamespaceMode.EXCLUSIVE),
            List.of(),
            Map.of());

    assertThat(runOn(kernel)).isZero();
    assertThat(read(RecordingReader.parse(out.toString())).inventory())
        .isEqualTo(sample().in(RdmaNamespaceMode.EXCLUSIVE));
    assertThat(err.toString()).contains("mlx5_v0, ").contains(", mlx5_v64");

    out.getBuffer().setLength(0);
    assertThat(runOn(kernel, "--device", "mlx5_v7")).isEqualTo(1);
    assertThat(err.toString()).contains("no device mlx5_v7; there are mlx5_0, mlx5_1");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whatTheSystemRefusesIsToldBesideTheRest() {
    Inventory inventory =
        new Inventory(sample().devices(), Set.of("rxe0")).in(sample().namespaceMode());

    assertThat(
            runOn(
                new OneReading.Result.Read(
                    inventory, List.of("rxe0: open: EACCES: run as root"), Map.of())))
        .isEqualTo(3);

    assertThat(read(RecordingReader.parse(out.toString())).inventory()).isEqualTo(inventory);
    assertThat(err.toString()).isEqualTo("rdmagid: rxe0: open: EACCES: run as root\n");
  }

  @Test
  void withoutDevicesThereIsNoRecording() {
    assertThat(runOn(new OneReading.Result.Read(Inventory.EMPTY, List.of(), Map.of())))
        .isEqualTo(1);
    assertThat(runOn(new OneReading.Result.Refused("no libibverbs"))).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualTo(
            """
            rdmagid: no RDMA port here: is the driver's module loaded?
            rdmagid: no libibverbs
            """);
  }

  @Test
  void whatDoesNotFitIntoTheFormatIsNotWritten() {
    List<Device> many =
        Stream.iterate(0, i -> i + 1)
            .limit(65)
            .map(i -> {
              Device device = sample().devices().getFirst();
              return new Device("d" + i, "", device.attributes(), device.ports());
            })
            .toList();

    assertThat(runOn(new OneReading.Result.Read(new Inventory(many), List.of(), Map.of())))
        .isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualTo(
            """
            rdmagid: cannot be recorded: devices has 65 elements, more than 64
            rdmagid: docs/recording.md has the bounds; --device NAME records a part of the devices
            """);
  }

  @Test
  void watchWritesTheFileAfterEachChange() {
    Path file = folder.resolve("node.json");
    Inventory first = sample();
    Inventory second = new Inventory(List.of(first.devices().getLast())).in(first.namespaceMode());
    List<Inventory> written = new ArrayList<>();
    RecordCommand command =
        new RecordCommand(
            () -> new OneReading.Result.Refused("nobody asked for one reading"),
            (listener, _) -> {
              for (Inventory inventory : List.of(first, second)) {
                listener.changed(inventory, Instant.EPOCH, Instant.EPOCH);
                written.add(read(RecordingReader.read(file)).inventory());
              }
              listener.refused("rxe0: open: EACCES");
            });

    int code =
        new CommandLine(command)
            .setErr(new PrintWriter(err, true))
            .execute("--watch", "-f", file.toString());

    assertThat(code).isZero();
    assertThat(written).containsExactly(first, second);
    assertThat(err.toString()).isEqualTo("rdmagid: rxe0: open: EACCES\n");
  }

  @Test
  void watchTellsOnceOfADeviceThatCannotBeRead() {
    UnreadDevice unread = UnreadDevice.refused("rxe0", "open: EACCES: run as root");
    Inventory inventory =
        new Inventory(sample().devices(), List.of(unread), RdmaNamespaceMode.EXCLUSIVE);
    Path file = folder.resolve("node.json");
    RecordCommand command =
        new RecordCommand(
            () -> new OneReading.Result.Refused("nobody asked for one reading"),
            (listener, _) -> {
              listener.changed(inventory, Instant.EPOCH, Instant.EPOCH);
              listener.changed(inventory, Instant.EPOCH, Instant.EPOCH);
            });

    int code =
        new CommandLine(command)
            .setErr(new PrintWriter(err, true))
            .execute("--watch", "-f", file.toString(), "--device", "mlx5_1");

    assertThat(code).isZero();
    assertThat(err.toString()).isEqualTo("rdmagid: rxe0: open: EACCES: run as root\n");
    Inventory written = read(RecordingReader.read(file)).inventory();
    assertThat(written.devices()).extracting(Device::name).containsExactly("mlx5_1");
    assertThat(written.namespaceMode()).isEqualTo(RdmaNamespaceMode.EXCLUSIVE);
  }

  @Test
  void watchEndsWhereItCannotWrite() {
    List<String> ended = new ArrayList<>();
    RecordCommand command =
        new RecordCommand(
            () -> new OneReading.Result.Refused("nobody asked for one reading"),
            (listener, started) -> {
              started.accept(() -> ended.add("stopped"));
              listener.changed(sample(), Instant.EPOCH, Instant.EPOCH);
            });

    int code =
        new CommandLine(command)
            .setErr(new PrintWriter(err, true))
            .execute("--watch", "-f", folder.resolve("none/node.json").toString());

    assertThat(code).isEqualTo(3);
    assertThat(ended).containsExactly("stopped");
  }
}
