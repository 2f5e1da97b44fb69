package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.observe.TableBench.Outcome;
import io.rdmagid.deviceplugin.observe.TableBench.Result;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.SysfsTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableBenchTest {
  @TempDir Path sysfs;
  private final FakeVerbs verbs = new FakeVerbs();
  private final Set<String> missingNodes = new HashSet<>();
  private final TableBench bench = new TableBench(3, new Stopwatch(() -> 0, () -> 0));
  private final Stopwatch.Timing timing = new Stopwatch.Timing(3, 0, 0, 0);

  private final FileDescriptors descriptors = new FileDescriptors();

  @AfterEach
  void close() {
    descriptors.close();
  }

  private boolean nodeExists(String node) {
    return !missingNodes.contains(node);
  }

  private SysfsTables sysfsTables() {
    return new SysfsTables(sysfs, new AttributeFiles(descriptors));
  }

  private List<Result> kernel() {
    Outcome outcome =
        bench.kernel(verbs, this::nodeExists, sysfsTables(), name -> !name.equals("rxe9"));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).results();
  }

  private void slot(String device) throws IOException {
    Path port = sysfs.resolve("class/infiniband").resolve(device).resolve("ports/1");
    write(port.resolve("gids/0"), "fe80:0000:0000:0000:5054:00ff:fe00:0012\n");
    write(port.resolve("gid_attrs/types/0"), "RoCE v2\n");
    write(port.resolve("gid_attrs/ndevs/0"), "rail0\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  @Test
  void eachDeviceIsReadByBothMethodsAndClosed() throws IOException {
    verbs.plug("rxe1", "uverbs1");
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe9", "uverbs9");
    slot("rxe0");
    slot("rxe1");

    assertThat(kernel())
        .containsExactly(
            new Result.Measured("rxe0", ReadBy.IOCTL, 0, timing),
            new Result.Measured("rxe0", ReadBy.SYSFS, 1, timing),
            new Result.Measured("rxe1", ReadBy.IOCTL, 0, timing),
            new Result.Measured("rxe1", ReadBy.SYSFS, 1, timing));
    assertThat(verbs.calls)
        .filteredOn(call -> !call.startsWith("drain"))
        .containsExactly("open rxe0", "close rxe0", "open rxe1", "close rxe1");
  }

  /** One round of warm-up and three, by each method: the kernel's queue has no bound. */
  @Test
  void eventsAreTakenBeforeEachRound() throws IOException {
    verbs.plug("rxe0", "uverbs0");
    verbs.events("rxe0", OpenDevice.Events.CHANGED);
    slot("rxe0");

    assertThat(kernel()).hasOnlyElementsOfType(Result.Measured.class);
    assertThat(verbs.calls).filteredOn("drain rxe0"::equals).hasSize(8);
  }

  @Test
  void aDeviceThatSaysItIsRemovedIsClosedBeforeTheNextRound() throws IOException {
    assertClosedBeforeTheSecondRound(() -> verbs.events("rxe0", OpenDevice.Events.REMOVED));
  }

  /** Software RoCE: its removal sends no event, and waits until nobody has it open. */
  @Test
  void aDeviceWithoutItsNodeIsClosedBeforeTheNextRound() throws IOException {
    assertClosedBeforeTheSecondRound(() -> missingNodes.add("uverbs0"));
  }

  /** What happens while the first round that counts runs. */
  private void assertClosedBeforeTheSecondRound(Runnable removal) throws IOException {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    slot("rxe1");
    AtomicInteger asked = new AtomicInteger();
    Stopwatch removing =
        new Stopwatch(
            () -> {
              if (asked.getAndIncrement() == 0) {
                removal.run();
              }
              return 0;
            },
            () -> 0);

    assertThat(
            new TableBench(3, removing).kernel(verbs, this::nodeExists, sysfsTables(), _ -> true))
        .isEqualTo(
            new Outcome.Done(
                List.of(
                    new Result.Removed("rxe0", ReadBy.IOCTL),
                    new Result.Removed("rxe0", ReadBy.SYSFS),
                    new Result.Measured("rxe1", ReadBy.IOCTL, 0, timing),
                    new Result.Measured("rxe1", ReadBy.SYSFS, 1, timing))));
    assertThat(verbs.calls)
        .startsWith("open rxe0", "drain rxe0", "drain rxe0", "drain rxe0", "close rxe0");
  }

  @Test
  void whatCannotBeUsedSaysWhy() {
    verbs.plug("rxe0", "uverbs0");
    verbs.readBy(ReadBy.ENTRIES);

    assertThat(kernel())
        .containsExactly(
            new Result.Unavailable(
                "rxe0",
                ReadBy.IOCTL,
                "the kernel, the library or the driver does not give all tables by one call; read"
                    + " by entries"),
            new Result.Unavailable(
                "rxe0",
                ReadBy.SYSFS,
                "rxe0: read of "
                    + sysfs.resolve("class/infiniband/rxe0/ports/1/gids")
                    + ": "
                    + Errno.describe(Errno.ENODEV.code())));
  }

  @Test
  void aDeviceThatDoesNotOpenIsUnavailableByBoth() {
    verbs.plug("rxe0", "uverbs0");
    verbs.refuse("open rxe0", Errno.EPERM);

    assertThat(kernel())
        .hasSize(2)
        .allSatisfy(result ->
            assertThat(result)
                .isInstanceOfSatisfying(
                    Result.Unavailable.class,
                    unavailable ->
                        assertThat(unavailable.reason()).startsWith("rxe0: open: EPERM")));
  }

  @Test
  void withoutAListThereIsNothing() {
    verbs.refuse("list", Errno.ENOENT);

    assertThat(bench.kernel(verbs, this::nodeExists, sysfsTables(), _ -> true))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aRecordingIsParsed() {
    assertThat(bench.recording(Recordings.twoPorts()))
        .isEqualTo(new Outcome.Done(List.of(new Result.Measured("", ReadBy.RECORDING, 5, timing))));
    assertThat(bench.recording(sysfs.resolve("none.json")))
        .isEqualTo(new Outcome.Invalid(List.of("no such file")));
  }
}
