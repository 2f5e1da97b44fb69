package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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

  private final WakeUp wakeUp = WakeUp.create();
  private final Map<Long, Wanted> wanted = new ConcurrentHashMap<>();
  private final AtomicLong number = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().name("namespaces").unstarted(this::run);
  private volatile boolean stopped;

  private record Wanted(Optional<Path> namespace, Runnable changed) {}

  private NamespaceEvents() {}

  /** Starts; nobody listens yet. */
  public static NamespaceEvents start() {
    NamespaceEvents events = new NamespaceEvents();
    events.thread.start();
    return events;
  }

  /**
   * Listens to a namespace. Where it is gone, nothing is told: whoever looks into it hears why.
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
    Map<Long, LinkEvents> open = new HashMap<>();
    try (FileDescriptors descriptors = new FileDescriptors();
        NamespaceVisit visit = new NamespaceVisit(descriptors);
        Arena arena = Arena.ofConfined()) {
      try {
        listen(open, visit, descriptors, arena.allocate(JAVA_LONG));
      } finally {
        open.values().forEach(LinkEvents::close);
      }
    }
  }

  private void listen(
      Map<Long, LinkEvents> open,
      NamespaceVisit visit,
      FileDescriptors descriptors,
      MemorySegment signals) {
    while (!stopped) {
      follow(open, visit, descriptors);
      List<Integer> set = new ArrayList<>(List.of(wakeUp.descriptor()));
      open.values().forEach(events -> set.add(events.descriptor()));
      List<Integer> ready = descriptors.poll(set, -1);
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

  private void follow(Map<Long, LinkEvents> open, NamespaceVisit visit, FileDescriptors calls) {
    open.entrySet()
        .removeIf(entry -> {
          boolean enough = !wanted.containsKey(entry.getKey());
          if (enough) {
            entry.getValue().close();
          }
          return enough;
        });
    wanted.forEach((key, listener) -> {
      if (!open.containsKey(key)) {
        try {
          open.put(
              key,
              listener.namespace().isPresent()
                  ? visit.events(listener.namespace().get())
                  : new LinkEvents(calls));
          listener.changed().run();
        } catch (NetlinkException e) {
          wanted.remove(key);
          boolean gone = e.errno() == Errno.ENOENT.code();
          LOG.atLevel(gone ? Level.DEBUG : Level.WARN)
              .addKeyValue("reason", e.getMessage())
              .log("namespace not listened to");
        }
      }
    });
  }

  private void drain(Long key, LinkEvents events) {
    Wanted listener = wanted.get(key);
    try {
      LinkEvents.Changes changes = events.drain(MOST_AT_ONCE);
      if (listener != null && (changes.lost() || !changes.ifindexes().isEmpty())) {
        listener.changed().run();
      }
    } catch (NetlinkException e) {
      wanted.remove(key);
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("namespace not listened to any more");
    }
  }
}
