package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.gid.Gid;
import java.io.IOException;
import java.net.InetAddress;
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
  private static final String POD = "rdmagid-test-" + ProcessHandle.current().pid();
  private static final String UPPER = "rt" + ProcessHandle.current().pid() % 100_000;
  private static final Path NAMESPACE = Path.of("/run/netns", POD);

  @BeforeEach
  void make() {
    ip("netns add " + POD);
    ip("link add " + UPPER + "d type veth peer name " + UPPER + "p");
    ip("link add link " + UPPER + "d name " + UPPER + "m type macvlan mode bridge");
    ip("link set " + UPPER + "m netns " + POD + " name net1");
    ip("-n " + POD + " addr add 10.99.0.5/24 dev net1");
    ip("-n " + POD + " addr add 10.99.0.6 peer 10.99.0.7 dev net1");
    ip("-n " + POD + " addr add fd99::5/64 dev net1 nodad");
    ip("-n " + POD + " addr add fd99::6/64 dev net1 nodad preferred_lft 0");
    ip("-n " + POD + " link set net1 up");
  }

  @AfterEach
  void remove() {
    ip("netns del " + POD);
    ip("link del " + UPPER + "d");
  }

  @Test
  void aMacvlanInAPodLeadsToItsDeviceOfTheHost() {
    try (NamespaceReader reader = new NamespaceReader()) {
      NamespaceView view = seen(reader.look(Optional.of(NAMESPACE)));
      NamespaceLink net1 = link(view, "net1");
      assertThat(net1.lowerPlace()).isEqualTo(NamespaceLink.Place.HOST);
      int lower =
          view.host().values().stream()
              .filter(link -> link.name().equals(UPPER + "d"))
              .mapToInt(NamespaceLink::ifindex)
              .findFirst()
              .orElseThrow();
      assertThat(view.reaches(net1.ifindex(), lower)).isTrue();
      assertThat(view.reaches(net1.ifindex(), lower + 1_000)).isFalse();
    }
  }

  @Test
  void onlyOwnAddressesThatCanBeUsedCount() {
    try (NamespaceReader reader = new NamespaceReader()) {
      NamespaceLink net1 = link(seen(reader.look(Optional.of(NAMESPACE))), "net1");
      assertThat(net1.addresses())
          .contains(gid("10.99.0.5"), gid("10.99.0.6"), gid("fd99::5"))
          .doesNotContain(gid("10.99.0.7"), gid("fd99::6"));
    }
  }

  @Test
  void aNamespaceThatIsGoneCannotBeSeen() {
    try (NamespaceReader reader = new NamespaceReader()) {
      assertThat(reader.look(Optional.of(Path.of("/run/netns/no-such"))))
          .isInstanceOf(NamespaceLook.Unseen.class);
      assertThat(reader.look(Optional.of(Path.of("/dev/null"))))
          .isInstanceOf(NamespaceLook.Unseen.class);
      assertThat(reader.look(Optional.empty())).isInstanceOf(NamespaceLook.Seen.class);
    }
  }

  @Test
  void noThreadIsLeftInAnotherNamespaceFactTest() throws IOException {
    Path home = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    try (NamespaceReader reader = new NamespaceReader();
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int visit = 0; visit < 500; visit++) {
        var _ = others.submit(() -> UPPER.hashCode());
        assertThat(reader.look(Optional.of(NAMESPACE))).isInstanceOf(NamespaceLook.Seen.class);
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

  private static NamespaceView seen(NamespaceLook look) {
    assertThat(look).isInstanceOf(NamespaceLook.Seen.class);
    return ((NamespaceLook.Seen) look).view();
  }

  private static NamespaceLink link(NamespaceView view, String name) {
    return view.links().values().stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Gid gid(String address) {
    return Gid.of(InetAddress.ofLiteral(address));
  }

  private static void ip(String arguments) {
    try {
      Process process = new ProcessBuilder(("ip " + arguments).split(" ", -1)).inheritIO().start();
      assertThat(process.waitFor()).as("ip " + arguments).isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
