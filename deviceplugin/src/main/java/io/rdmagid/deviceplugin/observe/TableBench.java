package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.SysfsTables;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How long a device's tables take to read, by the one call for all of them and by files of sysfs;
 * or how long a recording takes to parse. For one thread, a platform thread.
 */
public final class TableBench {
  private final int rounds;
  private final Stopwatch stopwatch;

  /** One that reads so often. */
  public TableBench(int rounds, Stopwatch stopwatch) {
    this.rounds = rounds;
    this.stopwatch = stopwatch;
  }

  /** What one method gave on one device. */
  public sealed interface Result {
    /** The device, empty for a recording. */
    String device();

    /** The method. */
    ReadBy method();

    /**
     * It was measured.
     *
     * @param entries how many a reading gave at last
     */
    record Measured(String device, ReadBy method, int entries, Stopwatch.Timing timing)
        implements Result {}

    /** It cannot be used here. */
    record Unavailable(String device, ReadBy method, String reason) implements Result {}

    /** The kernel removed the device before all rounds were made, and waited for its users. */
    record Removed(String device, ReadBy method) implements Result {}
  }

  /** What became of all. */
  public sealed interface Outcome {
    /** By device; none where there is none. */
    record Done(List<Result> results) implements Outcome {
      public Done {
        results = List.copyOf(results);
      }
    }

    /** The recording is not sound; all that is wrong with it. */
    record Invalid(List<String> problems) implements Outcome {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }

    /** Nothing at all can be read here. */
    record Refused(String reason) implements Outcome {}
  }

  /** Parses a recording. */
  public Outcome recording(Path file) {
    AtomicInteger entries = new AtomicInteger();
    Stopwatch.Outcome<List<String>> outcome =
        stopwatch.measure(
            rounds,
            () ->
                switch (RecordingReader.read(file)) {
                  case RecordingResult.Valid valid -> {
                    entries.set(entries(valid.recording().inventory()));
                    yield Optional.empty();
                  }
                  case RecordingResult.Invalid(List<String> problems) -> Optional.of(problems);
                });
    return switch (outcome) {
      case Stopwatch.Outcome.Measured<List<String>>(Stopwatch.Timing timing) ->
          new Outcome.Done(
              List.of(new Result.Measured("", ReadBy.RECORDING, entries.get(), timing)));
      case Stopwatch.Outcome.Failed<List<String>>(List<String> problems) ->
          new Outcome.Invalid(problems);
    };
  }

  /**
   * Reads the kernel.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   * @param wanted which devices, by name
   */
  public Outcome kernel(Path sysfs, Predicate<String> wanted) {
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = new NativeVerbs(descriptors, sysfs)) {
      return kernel(
          verbs,
          node -> Files.exists(NativeVerbs.DEVICE_NODES.resolve(node)),
          new SysfsTables(sysfs, new AttributeFiles(descriptors)),
          wanted);
    } catch (IllegalStateException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The same with devices from elsewhere.
   *
   * @param nodeExists whether the device node of this name is there
   */
  Outcome kernel(
      Verbs verbs, Predicate<String> nodeExists, SysfsTables sysfs, Predicate<String> wanted) {
    return switch (verbs.devices()) {
      case Reply.Ok<List<Verbs.DeviceNode>>(List<Verbs.DeviceNode> nodes) ->
          new Outcome.Done(
              nodes.stream()
                  .filter(node -> wanted.test(node.name()))
                  .sorted((one, other) -> one.name().compareTo(other.name()))
                  .flatMap(node -> device(verbs, nodeExists, sysfs, node).stream())
                  .toList());
      case Reply.Refused<List<Verbs.DeviceNode>> refused -> new Outcome.Refused(refused.describe());
    };
  }

  private List<Result> device(
      Verbs verbs, Predicate<String> nodeExists, SysfsTables sysfs, Verbs.DeviceNode node) {
    return switch (verbs.open(node)) {
      case Reply.Ok<OpenDevice>(OpenDevice device) -> {
        try (device) {
          yield device(device, () -> isRemoved(device, nodeExists), sysfs);
        }
      }
      case Reply.Refused<OpenDevice> refused -> unavailable(node.name(), refused);
    };
  }

  /**
   * Takes the device's events, whose queue has no bound. Drivers that cannot remove a device that
   * is open send none: the kernel removes the node, and waits.
   */
  private static boolean isRemoved(OpenDevice device, Predicate<String> nodeExists) {
    return device.drainEvents() == OpenDevice.Events.REMOVED
        || !nodeExists.test(device.node().uverbs());
  }

  private List<Result> device(OpenDevice device, BooleanSupplier removed, SysfsTables sysfs) {
    String name = device.node().name();
    return switch (ports(device)) {
      case Reply.Ok<Map<Integer, PortAttributes>>(Map<Integer, PortAttributes> ports) -> {
        Result ioctl = measured(name, ReadBy.IOCTL, removed, () -> byOneCall(device, ports));
        yield List.of(
            ioctl,
            ioctl instanceof Result.Removed
                ? new Result.Removed(name, ReadBy.SYSFS)
                : measured(name, ReadBy.SYSFS, removed, () -> byFiles(sysfs, name, ports)));
      }
      case Reply.Refused<Map<Integer, PortAttributes>> refused -> unavailable(name, refused);
    };
  }

  private static Reply<Map<Integer, PortAttributes>> ports(OpenDevice device) {
    return switch (device.describe()) {
      case Reply.Ok<OpenDevice.Description>(OpenDevice.Description description) ->
          ports(device, description.ports());
      case Reply.Refused<OpenDevice.Description> refused -> refused.as();
    };
  }

  private static Reply<Map<Integer, PortAttributes>> ports(OpenDevice device, int count) {
    Map<Integer, PortAttributes> ports = new TreeMap<>();
    for (int number = 1; number <= count; number++) {
      switch (device.port(number)) {
        case Reply.Ok<PortAttributes>(PortAttributes attributes) -> ports.put(number, attributes);
        case Reply.Refused<PortAttributes> refused -> {
          return refused.as();
        }
      }
    }
    return new Reply.Ok<>(ports);
  }

  /** Other methods are what the device falls back to where the one call is not for it. */
  private static Attempt byOneCall(OpenDevice device, Map<Integer, PortAttributes> ports) {
    return switch (device.tables(ports)) {
      case Reply.Ok<OpenDevice.Tables>(OpenDevice.Tables tables) ->
          tables.readBy() == ReadBy.IOCTL
              ? new Attempt(tables.entries().size(), "")
              : new Attempt(
                  0,
                  "the kernel, the library or the driver does not give all tables by one call; read"
                      + " by "
                      + tables.readBy().text());
      case Reply.Refused<OpenDevice.Tables> refused -> new Attempt(0, refused.describe());
    };
  }

  private static Attempt byFiles(
      SysfsTables sysfs, String device, Map<Integer, PortAttributes> ports) {
    return switch (sysfs.read(device, ports)) {
      case Reply.Ok<List<PortEntry>>(List<PortEntry> entries) -> new Attempt(entries.size(), "");
      case Reply.Refused<List<PortEntry>> refused -> new Attempt(0, refused.describe());
    };
  }

  /**
   * What one reading gave.
   *
   * @param problem empty where it went well
   */
  private record Attempt(int entries, String problem) {}

  private Result measured(
      String device, ReadBy method, BooleanSupplier removed, Supplier<Attempt> reading) {
    AtomicInteger entries = new AtomicInteger();
    Stopwatch.Outcome<Result> outcome =
        stopwatch.measure(
            rounds,
            () ->
                removed.getAsBoolean()
                    ? Optional.of(new Result.Removed(device, method))
                    : Optional.empty(),
            () -> {
              Attempt attempt = reading.get();
              entries.set(attempt.entries());
              return attempt.problem().isEmpty()
                  ? Optional.empty()
                  : Optional.of(new Result.Unavailable(device, method, attempt.problem()));
            });
    return switch (outcome) {
      case Stopwatch.Outcome.Measured<Result>(Stopwatch.Timing timing) ->
          new Result.Measured(device, method, entries.get(), timing);
      case Stopwatch.Outcome.Failed<Result>(Result problem) -> problem;
    };
  }

  private static List<Result> unavailable(String device, Reply.Refused<?> refused) {
    return List.of(
        new Result.Unavailable(device, ReadBy.IOCTL, refused.describe()),
        new Result.Unavailable(device, ReadBy.SYSFS, refused.describe()));
  }

  private static int entries(Inventory inventory) {
    return inventory.devices().stream()
        .flatMap(device -> device.ports().stream())
        .mapToInt(port -> port.gids().size() + port.podGidCount())
        .sum();
  }
}
