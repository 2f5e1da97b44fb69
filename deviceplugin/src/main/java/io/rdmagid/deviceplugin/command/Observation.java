package io.rdmagid.deviceplugin.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.KernelObserver;
import io.rdmagid.deviceplugin.observe.ObserveMetrics;
import io.rdmagid.deviceplugin.observe.RecordingObserver;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells of the changes of this node's kernel, or of a recording. */
final class Observation {
  /** Events tell of everything; this catches what got lost. */
  private static final Duration RESYNC = Duration.ofMinutes(10);

  private Observation() {}

  /**
   * Observes on the calling thread, a platform thread, until stopped; a recording until the thread
   * is interrupted, too.
   *
   * @param recording in place of the kernel
   * @param started given, before the listener is called, what ends it
   * @throws IllegalStateException if the kernel refuses what everything rests on
   * @throws java.io.UncheckedIOException if the recording's folder cannot be watched
   */
  static void run(
      @Nullable Path recording, InventoryListener listener, Consumer<Runnable> started) {
    if (recording != null) {
      run(new RecordingObserver(recording, listener, Clock.systemUTC()), started);
      return;
    }
    KernelObserver observer =
        new KernelObserver(
            new KernelObserver.Settings(Source.SYSFS, Path.of("/dev/infiniband"), RESYNC),
            listener,
            new ObserveMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC());
    started.accept(observer::stop);
    observer.run();
  }

  /**
   * The same with all recordings of a folder.
   *
   * @param listeners who learns of a file, asked once for each, and again after it was gone
   */
  static void ofFolder(
      Path folder, Function<Path, InventoryListener> listeners, Consumer<Runnable> started) {
    run(RecordingObserver.ofFolder(folder, listeners, Clock.systemUTC()), started);
  }

  private static void run(RecordingObserver observer, Consumer<Runnable> started) {
    started.accept(observer::stop);
    observer.run();
  }
}
