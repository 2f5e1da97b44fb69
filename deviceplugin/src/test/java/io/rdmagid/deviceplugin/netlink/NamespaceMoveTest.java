package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On threads that end after they moved. */
class NamespaceMoveTest {
  private static final Duration GUARD = Duration.ofSeconds(30);
  private static final Path SYSFS = Path.of("/sys");

  private final PodNamespace pod = new PodNamespace();

  @AfterEach
  void remove() {
    pod.close();
  }

  @Test
  void aThreadThatMovedSeesSysfsAndLinksOfThereAndNoOtherDoesFactTest()
      throws ExecutionException, InterruptedException {
    List<String> before = links();

    List<List<String>> moved =
        onAThread(() -> {
          assertThat(NamespaceMove.into(pod.file(), SYSFS)).isEmpty();
          try (FileDescriptors descriptors = new FileDescriptors();
              HostLinks links = new HostLinks(new RouteSocket(descriptors))) {
            return List.of(
                links(), HostLinksTest.read(links).values().stream().map(Link::name).toList());
          }
        });

    assertThat(moved.get(0)).contains("lo", "net1").doesNotContain(pod.lower());
    assertThat(moved.get(1)).contains("lo", "net1").doesNotContain(pod.lower());
    assertThat(links()).isEqualTo(before).contains(pod.lower()).doesNotContain("net1");
  }

  @Test
  void whatIsNoNamespaceIsAnOutcome() throws ExecutionException, InterruptedException {
    assertThat(onAThread(() -> why(Path.of("/run/netns/no-such"))))
        .contains(NamespaceLook.Why.GONE);
    assertThat(onAThread(() -> why(Path.of("/dev/null")))).contains(NamespaceLook.Why.NO_NAMESPACE);
  }

  @Test
  void sysfsThatCannotBeMountedIsAnOutcome() throws ExecutionException, InterruptedException {
    assertThat(
            onAThread(() ->
                NamespaceMove.into(pod.file(), Path.of("/no-such"))
                    .map(NamespaceLook.Unseen::reason)))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("netlink mount of sysfs on /no-such: ENOENT"));
  }

  private static Optional<NamespaceLook.Why> why(Path namespace) {
    return NamespaceMove.into(namespace, SYSFS).map(NamespaceLook.Unseen::why);
  }

  /** As sysfs tells the calling thread. */
  private static List<String> links() {
    String[] names = SYSFS.resolve("class/net").toFile().list();
    return Arrays.stream(names == null ? new String[0] : names).sorted().toList();
  }

  private static <T> T onAThread(Callable<T> work) throws ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofPlatform().start(task);
    assertThat(thread.join(GUARD)).isTrue();
    return task.get();
  }
}
