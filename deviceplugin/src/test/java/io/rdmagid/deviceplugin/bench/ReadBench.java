package io.rdmagid.deviceplugin.bench;

import com.sun.management.ThreadMXBean;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.TableCall;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Reads a device's GID table again and again, in rounds that a program in C takes part in: by the
 * one call from C and from Java, by the call with the records that the agent makes of it, and by C
 * through sysfs. A line of standard output a round, the nanoseconds of one reading for each sample:
 *
 * <pre>bench round entries=3 c=310,305 jvm=320,311 read=1510,1490 walk=920000</pre>
 *
 * then {@code bench allocated=N}, the bytes of Java heap that a reading with its records takes. It
 * prints numbers and judges nothing: {@code make bench} does.
 */
public final class ReadBench {
  private static final int PORT = 1;
  private static final int READINGS = 10;

  /** In samples: more than the 2,000 calls that the agent's flags ask for before C1 compiles. */
  private static final int WARM_UP = 2500;

  private static final long WARM_UP_NANOS = 20_000_000_000L;

  private final LongSupplier call;
  private final LongSupplier read;
  private final CProgram c;

  private ReadBench(LongSupplier call, LongSupplier read, CProgram c) {
    this.call = call;
    this.read = read;
    this.c = c;
  }

  /** Arguments: SYSFS NODES DEVICE PROGRAM ROUNDS SAMPLES WALKS; the walks are those of a round. */
  public static void main(String[] arguments) {
    Path sysfs = Path.of(arguments[0]);
    Verbs.DeviceNode node;
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = new NativeVerbs(descriptors, sysfs, Path.of(arguments[1]))) {
      node =
          ok(verbs.devices()).stream()
              .filter(candidate -> candidate.name().equals(arguments[2]))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no device " + arguments[2]));
      try (OpenDevice device = ok(verbs.open(node))) {
        Map<Integer, PortAttributes> ports = Map.of(PORT, ok(device.port(PORT)));
        int slots = ports.get(PORT).gidTableLength();
        TableCall table = new TableCall(node, slots);
        try (CProgram c = CProgram.start(Path.of(arguments[3]), node.name(), slots, sysfs)) {
          new ReadBench(table::read, () -> ok(device.tables(ports)).entries().size(), c)
              .run(
                  Integer.parseInt(arguments[4]),
                  Integer.parseInt(arguments[5]),
                  Integer.parseInt(arguments[6]));
        }
      }
    }
  }

  private void run(int rounds, int samples, int walks) {
    warmUp(call);
    warmUp(read);
    for (int round = 0; round < rounds; round++) {
      CProgram.Answer fromC = c.table(samples, READINGS);
      List<Long> jvm = measure(call, samples);
      List<Long> whole = measure(read, samples);
      CProgram.Answer walk =
          walks == 0 ? new CProgram.Answer(fromC.entries(), List.of()) : c.walk(walks);
      same(List.of(fromC.entries(), call.getAsLong(), read.getAsLong(), walk.entries()));
      System.out.printf(
          "bench round entries=%d c=%s jvm=%s read=%s walk=%s%n",
          fromC.entries(), list(fromC.nanos()), list(jvm), list(whole), list(walk.nanos()));
    }
    System.out.printf("bench allocated=%d%n", allocated());
  }

  private static void warmUp(LongSupplier reading) {
    long begin = System.nanoTime();
    for (int i = 0; i < WARM_UP && System.nanoTime() - begin < WARM_UP_NANOS; i++) {
      long _ = sample(reading);
    }
  }

  private static List<Long> measure(LongSupplier reading, int samples) {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      took.add(sample(reading));
    }
    return took;
  }

  /** As the program in C takes one: the mean of some readings, in nanoseconds. */
  private static long sample(LongSupplier reading) {
    long begin = System.nanoTime();
    for (int i = 0; i < READINGS; i++) {
      long _ = reading.getAsLong();
    }
    return (System.nanoTime() - begin) / READINGS;
  }

  private long allocated() {
    // Else the first question would count what the answer needs.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long _ = threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < READINGS; i++) {
      long _ = read.getAsLong();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / READINGS;
  }

  /** All ways have to read the same, else their times say nothing. */
  private static void same(List<Long> entries) {
    if (Set.copyOf(entries).size() != 1) {
      throw new IllegalStateException(
          "the table changed meanwhile: C, Java, records and walk gave " + entries + " entries");
    }
  }

  private static String list(List<Long> nanos) {
    return nanos.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static <T> T ok(Reply<T> reply) {
    return switch (reply) {
      case Reply.Ok<T>(T value) -> value;
      case Reply.Refused<T> refused -> throw new IllegalStateException(refused.describe());
    };
  }
}
