package io.rdmagid.deviceplugin.netlink;

import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.gid;
import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.link;
import static io.rdmagid.deviceplugin.netlink.NamespaceLooks.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On real network namespaces, a "host" that the test's thread stands in, and a "pod". */
class NamespaceReaderTest {
  private final PodNamespace pod = new PodNamespace();

  @BeforeEach
  void addresses() {
    pod.ipInside("addr add 10.99.0.5/24 dev net1");
    pod.ipInside("addr add 10.99.0.6 peer 10.99.0.7 dev net1");
    pod.ipInside("addr add fd99::5/64 dev net1 nodad");
    pod.ipInside("addr add fd99::6/64 dev net1 nodad preferred_lft 0");
  }

  @AfterEach
  void remove() {
    pod.close();
  }

  @Test
  void aMacvlanInAPodLeadsToItsDeviceOfTheHost() {
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      NamespaceView view = seen(reader.look(Optional.of(pod.file())));
      NamespaceLink net1 = link(view, "net1");
      assertThat(net1.lowerPlace()).isEqualTo(NamespaceLink.Place.HOST);
      int lower =
          view.host().values().stream()
              .filter(link -> link.name().equals(pod.lower()))
              .mapToInt(NamespaceLink::ifindex)
              .findFirst()
              .orElseThrow();
      assertThat(view.reaches(net1.ifindex(), lower)).isTrue();
      assertThat(view.reaches(net1.ifindex(), lower + 1_000)).isFalse();
    }
  }

  @Test
  void onlyOwnAddressesThatCanBeUsedCount() {
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      NamespaceLink net1 = link(seen(reader.look(Optional.of(pod.file()))), "net1");
      assertThat(net1.addresses())
          .contains(gid("10.99.0.5"), gid("10.99.0.6"), gid("fd99::5"))
          .doesNotContain(gid("10.99.0.7"), gid("fd99::6"));
      assertThat(net1.tentative()).doesNotContain(gid("fd99::5"), gid("fd99::6"));
    }
  }

  @Test
  void aNamespaceThatIsGoneCannotBeSeen() {
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      assertThat(why(reader, "/run/netns/no-such")).isEqualTo(NamespaceLook.Why.GONE);
      assertThat(why(reader, "/dev/null/ns/net")).isEqualTo(NamespaceLook.Why.GONE);
      assertThat(why(reader, "/dev/null")).isEqualTo(NamespaceLook.Why.NO_NAMESPACE);
      assertThat(why(reader, "/proc/self/ns/mnt")).isEqualTo(NamespaceLook.Why.NO_NAMESPACE);
      assertThat(reader.look(Optional.empty())).isInstanceOf(NamespaceLook.Seen.class);
    }
  }

  @Test
  void noThreadIsLeftInAnotherNamespaceFactTest() throws IOException {
    Path home = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int visit = 0; visit < 500; visit++) {
        var _ = others.submit(() -> pod.hashCode());
        assertThat(reader.look(Optional.of(pod.file()))).isInstanceOf(NamespaceLook.Seen.class);
      }
    }
    assertThat(namespacesOfThreads()).isEqualTo(Set.of(home));
  }

  /** Of all threads but those that end meanwhile. */
  private static Set<Path> namespacesOfThreads() throws IOException {
    Set<Path> namespaces = new HashSet<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        try {
          namespaces.add(Files.readSymbolicLink(task.resolve("ns/net")));
        } catch (NoSuchFileException e) {
          // the thread ended between the listing and the look
        }
      }
    }
    return namespaces;
  }

  private static NamespaceLook.Why why(NamespaceReader reader, String file) {
    NamespaceLook look = reader.look(Optional.of(Path.of(file)));
    assertThat(look).isInstanceOf(NamespaceLook.Unseen.class);
    return ((NamespaceLook.Unseen) look).why();
  }
}
