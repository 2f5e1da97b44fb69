package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.WakeUp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells that links or addresses of network namespaces change, of each from when somebody asks until
 * they have enough. A thread of its own waits for the kernel; the methods may be called by any
 * thread.
 *
 * <p>Its socket keeps a namespace alive, with all links in it, though nothing else be left there:
 * whoever listens to one stops when its pod ends.
 */
public final class NamespaceEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceEvents.class);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  /** So that no namespace, where others may send to our socket, keeps us from the next. */
  private static final int MOST_AT_ONCE = 256;

  /** A container that is being made waits for what it hears for half a second at most. */
  private static final Doubling PAUSES = new Doubling(Duration.ofMillis(50), Duration.ofSeconds(5));

  private final WakeUp wakeUp = WakeUp.create();
  private final Map<Long, Wanted> wanted = new ConcurrentHashMap<>();
  private final AtomicLong number = new AtomicLong();

  /** Of the thread: the sockets of those who listen. */
  private final Map<Long, LinkEvents> open = new HashMap<>();

  /** Of the thread: those of whose namespaces no socket was to be had the last time. */
  private final Map<Long, Refusal> refused = new HashMap<>();

  private final Thread thread = Thread.ofPlatform().name("namespaces").unstarted(this::run);
  private volatile boolean stopped;

  private record Wanted(Optional<Path> namespace, Runnable changed) {}

  /** Until a time in nanoseconds, as {@link System#nanoTime} has them. */
  private record Refusal(int failures, long tryAt) {}

  private NamespaceEvents() {}

  /** Starts; nobody listens yet. */
  public static NamespaceEvents start() {
    NamespaceEvents events = new NamespaceEvents();
    events.thread.start();
    return events;
  }

  /**
   * Listens to a namespace. Where it is gone, nothing is told: whoever looks into it hears why.
   * What the kernel refuses otherwise, as where too many files are open, is tried again until it is
   * ended, ever more rarely, down to every 5 s.
   *
   * @param namespace a file to enter it by; empty for the host's
   * @param changed is called by the thread "namespaces" after each change, and once when it begins
   *     to listen, for what changed before that; it must not wait
   * @return ends it, a moment after it was run; a call of {@code changed} may come in that moment
   */
  public Runnable listen(Optional<Path> namespace, Runnable changed) {
    long key = number.incrementAndGet();
    wanted.put(key, new Wanted(namespace, changed));
    wakeUp.signal();
    return () -> {
      if (wanted.remove(key) != null) {
        wakeUp.signal();
      }
    };
  }

  /** Whether the thread lives. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    stopped = true;
    wakeUp.signal();
    try {
      if (!thread.join(END_LIMIT)) {
        LOG.atWarn().log("thread of network namespaces does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (FileDescriptors descriptors = new FileDescriptors();
        NamespaceVisit visit = new NamespaceVisit(descriptors);
        Arena arena = Arena.ofConfined()) {
      try {
        listen(visit, descriptors, arena.allocate(JAVA_LONG));
      } finally {
        open.values().forEach(LinkEvents::close);
      }
    }
  }

  private void listen(NamespaceVisit visit, FileDescriptors descriptors, MemorySegment signals) {
    while (!stopped) {
      follow(visit, descriptors);
      List<Integer> set = new ArrayList<>(List.of(wakeUp.descriptor()));
      open.values().forEach(events -> set.add(events.descriptor()));
      List<Integer> ready = descriptors.poll(set, millisToNextTry());
      if (ready.contains(wakeUp.descriptor())) {
        long _ = descriptors.read(wakeUp.descriptor(), signals);
      }
      for (Map.Entry<Long, LinkEvents> entry : List.copyOf(open.entrySet())) {
        if (ready.contains(entry.getValue().descriptor())) {
          drain(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  private void follow(NamespaceVisit visit, FileDescriptors calls) {
    refused.keySet().retainAll(wanted.keySet());
    open.entrySet()
        .removeIf(entry -> {
          boolean enough = !wanted.containsKey(entry.getKey());
          if (enough) {
            entry.getValue().close();
          }
          return enough;
        });
    wanted.forEach((key, listener) -> {
      if (!open.containsKey(key) && isDue(key)) {
        try {
          open.put(
              key,
              listener.namespace().isPresent()
                  ? visit.events(listener.namespace().get())
                  : new LinkEvents(calls));
          listener.changed().run();
        } catch (NetlinkException e) {
          refuse(key, e);
        }
      }
    });
  }

  private void drain(Long key, LinkEvents events) {
    Wanted listener = wanted.get(key);
    try {
      LinkEvents.Changes changes = events.drain(MOST_AT_ONCE);
      refused.remove(key);
      if (listener != null && (changes.lost() || !changes.ifindexes().isEmpty())) {
        listener.changed().run();
      }
    } catch (NetlinkException e) {
      open.remove(key);
      events.close();
      refuse(key, e);
    }
  }

  /** A namespace that is gone does not come back. Whatever else the kernel refuses may pass. */
  private void refuse(Long key, NetlinkException why) {
    if (why.errno() == Errno.ENOENT.code()) {
      wanted.remove(key);
      LOG.atDebug()
          .addKeyValue("reason", why.getMessage())
          .log("namespace that is gone not listened to");
      return;
    }
    Refusal former = refused.get(key);
    int failures = former == null ? 0 : former.failures();
    long tryAt = System.nanoTime() + PAUSES.after(failures).toNanos();
    refused.put(key, new Refusal(failures + 1, tryAt));
    LOG.atLevel(failures == 0 ? Level.WARN : Level.DEBUG)
        .addKeyValue("reason", why.getMessage())
        .log("namespace not listened to yet");
  }

  private boolean isDue(Long key) {
    Refusal refusal = refused.get(key);
    return refusal == null || refusal.tryAt() - System.nanoTime() <= 0;
  }

  /** As poll(2) takes it; -1 where nothing is tried again. */
  private int millisToNextTry() {
    long now = System.nanoTime();
    return refused.entrySet().stream()
        .filter(entry -> !open.containsKey(entry.getKey()))
        .mapToInt(entry -> (int) Math.max(0, (entry.getValue().tryAt() - now) / 1_000_000 + 1))
        .min()
        .orElse(-1);
  }
}
