package io.rdmagid.deviceplugin.netlink;

import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.gid;
import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.link;
import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.seen;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** On real network namespaces. */
class NamespaceEventsTest {
  private static final Duration GUARD = Duration.ofSeconds(20);
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(NamespaceEvents.class);

  private final PodNamespace pod = new PodNamespace();
  private final NamespaceEvents events = NamespaceEvents.start();
  private final Semaphore told = new Semaphore(0);

  @AfterEach
  void end() {
    events.close();
    pod.close();
  }

  @Test
  void eachChangeInsideIsTold() throws InterruptedException {
    Runnable _ = events.listen(Optional.of(pod.file()), told::release);
    assertTold();
    assertChangesTold(mtu -> pod.ipInside("link set net1 mtu " + mtu));
  }

  @Test
  void theHostsIsListenedToAsWell() throws InterruptedException {
    Runnable _ = events.listen(Optional.empty(), told::release);
    assertTold();
    assertChangesTold(mtu -> PodNamespace.ip("link set " + pod.peer() + " mtu " + mtu));
  }

  /** The kernel asks the neighbours first, here five times with a second in between. */
  @Test
  void theEndOfDuplicateAddressDetectionIsToldFactTest() throws InterruptedException {
    // Of a link without a carrier the kernel asks nobody, and its addresses stay tentative.
    PodNamespace.ip("link set " + pod.lower() + " up");
    PodNamespace.ip("link set " + pod.peer() + " up");
    pod.sysctlInside("net.ipv6.conf.net1.dad_transmits=5");
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      pod.ipInside("addr add fd99::9/64 dev net1");
      assertThat(net1(reader).tentative()).contains(gid("fd99::9"));
      Runnable _ = events.listen(Optional.of(pod.file()), told::release);
      while (net1(reader).tentative().contains(gid("fd99::9"))) {
        assertTold();
      }
      assertThat(net1(reader).addresses()).contains(gid("fd99::9"));
    }
  }

  @Test
  void theNamespaceOfAPodThatEndedLivesUntilNobodyListens() throws InterruptedException {
    String id = ProcessHandle.current().pid() % 100_000 + "e";
    PodNamespace.batch(
        "netns add rdmagid-test-%1$s\nlink add va%1$s type veth peer name vb%1$s\nlink set vb%1$s netns rdmagid-test-%1$s\n"
            .formatted(id));
    Path outside = Path.of("/sys/class/net/va" + id);
    Runnable end =
        events.listen(Optional.of(Path.of("/run/netns/rdmagid-test-" + id)), told::release);
    assertTold();
    PodNamespace.ip("netns del rdmagid-test-" + id);
    assertThat(outside).as("its other end is in there").exists();

    end.run();
    Awaitility.await().atMost(GUARD).untilAsserted(() -> assertThat(outside).doesNotExist());
  }

  @Test
  void aNamespaceThatIsGoneTellsNothing() throws InterruptedException {
    Runnable none = events.listen(Optional.of(Path.of("/run/netns/no-such")), told::release);
    Runnable _ = events.listen(Optional.of(pod.file()), () -> told.release(100));
    assertThat(told.tryAcquire(100, GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(told.availablePermits() % 100).isZero();
    none.run();
    assertThat(events.isAlive()).isTrue();
  }

  /** As where too many files are open; here what is no namespace yet. */
  @Test
  void whatIsRefusedIsTriedAgainAndSaidOnce(@TempDir Path folder)
      throws IOException, InterruptedException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    LOG.addAppender(log);
    try {
      Path file = Files.createSymbolicLink(folder.resolve("late"), folder);
      Semaphore toldLate = new Semaphore(0);
      Runnable _ = events.listen(Optional.of(file), toldLate::release);
      Runnable _ = events.listen(Optional.of(pod.file()), told::release);
      assertTold();
      assertThat(toldLate.tryAcquire()).isFalse();

      Path namespace = Files.createSymbolicLink(folder.resolve("next"), pod.file());
      Files.move(namespace, file, StandardCopyOption.ATOMIC_MOVE);
      assertThat(toldLate.tryAcquire(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
      events.close();
      assertThat(log.list).extracting(ILoggingEvent::getLevel).containsOnlyOnce(Level.WARN);
    } finally {
      LOG.detachAppender(log);
    }
  }

  /** Each of so many that they are not what else the kernel tells of at the time. */
  private void assertChangesTold(IntConsumer change) throws InterruptedException {
    for (int mtu = 1300; mtu < 1320; mtu++) {
      int _ = told.drainPermits();
      change.accept(mtu);
      assertTold();
    }
  }

  private NamespaceLink net1(NamespaceReader reader) {
    return link(seen(reader.look(Optional.of(pod.file()))), "net1");
  }

  private void assertTold() throws InterruptedException {
    assertThat(told.tryAcquire(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
