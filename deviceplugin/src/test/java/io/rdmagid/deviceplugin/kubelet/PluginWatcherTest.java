package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.deviceplugin.kubelet.FakePluginWatcher.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The edge with a kubelet that finds the pools' sockets by itself. */
class PluginWatcherTest extends OnKubeletEdge {
  private FakePluginWatcher kubelet;

  PluginWatcherTest() {
    super(KubeletRegistration.PLUGIN_WATCHER);
  }

  @BeforeEach
  void start() throws IOException {
    kubelet = new FakePluginWatcher(pluginsRegistry);
    kubelet.start();
    startEdge();
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    edge.close();
    kubelet.end();
  }

  private void awaitReason(String reason) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(edge.states())
                .extracting(state -> state.absence().orElseThrow().reason())
                .containsExactly(reason));
  }

  private List<String> sockets() throws IOException {
    return files(pluginsRegistry);
  }

  /** When the socket was made; its inode's number may be that of one before. */
  private Object railSocket() throws IOException {
    return Files.getAttribute(pluginsRegistry.resolve(RAIL_SOCKET), "unix:ctime");
  }

  /** Of another way to register, too: the kubelet would try a dead one for ever. */
  @Test
  void socketsOfFormerProcessesAreRemoved() throws IOException {
    edge.close();
    Path called = Files.createDirectory(devicePlugins);
    Path kubelets = Files.createFile(called.resolve("kubelet.sock"));
    Path before = Files.createFile(called.resolve("rdmagid-rail-1-before.sock"));
    Path watched = Files.createFile(pluginsRegistry.resolve("rdmagid-rail-1-before.sock"));
    startEdge();
    assertThat(before).doesNotExist();
    assertThat(watched).doesNotExist();
    assertThat(kubelets).exists();
  }

  @Test
  void aPoolIsFoundRegisteredAndListed() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));

    Visit visit = kubelet.nextVisit();
    awaitRegistered("rail");

    assertThat(visit.info().getType()).isEqualTo("DevicePlugin");
    assertThat(visit.info().getName()).isEqualTo("rdmagid.io/rail");
    assertThat(visit.info().getEndpoint()).isEmpty();
    assertThat(visit.info().getSupportedVersionsList()).containsExactly("v1beta1");
    assertThat(visit.options().getGetPreferredAllocationAvailable()).isTrue();
    assertThat(ids(visit.endpoint().nextList())).containsExactly("a");
    assertThat(sockets()).containsExactly(RAIL_SOCKET);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(pluginsRegistry.resolve(RAIL_SOCKET))))
        .isEqualTo("rw-------");

    edge.offered(List.of(Offers.pool("rail", "a", "b")));
    assertThat(ids(visit.endpoint().nextList())).containsExactly("a", "b");
  }

  @Test
  void askingBeforeStartsTakesANewSocket() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit first = kubelet.nextVisit();
    awaitRegistered("rail");
    Object made = railSocket();

    edge.preStart(true);
    assertThat(first.endpoint().end().isOk()).isFalse();
    Visit second = kubelet.nextVisit();
    awaitRegistered("rail");

    assertThat(first.options().getPreStartRequired()).isFalse();
    assertThat(second.options().getPreStartRequired()).isTrue();
    assertThat(railSocket()).isNotEqualTo(made);
  }

  @Test
  void whoeverStopsListeningGetsANewSocket() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit first = kubelet.nextVisit();
    first.endpoint().nextList();
    awaitRegistered("rail");

    first.endpoint().cut();
    Visit second = kubelet.nextVisit();

    assertThat(ids(second.endpoint().nextList())).containsExactly("a");
    awaitRegistered("rail");
    assertThat(kubelet.waitingVisits()).isZero();
  }

  @Test
  void aVisitWhileTheKubeletListensChangesNothing() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit visit = kubelet.nextVisit();
    assertThat(ids(visit.endpoint().nextList())).containsExactly("a");
    awaitRegistered("rail");
    Object socket = railSocket();

    assertThat(kubelet.ask(pluginsRegistry.resolve(RAIL_SOCKET)).getName())
        .isEqualTo("rdmagid.io/rail");
    skip(Duration.ofSeconds(200));
    edge.offered(List.of(Offers.pool("rail", "a", "b")));

    assertThat(ids(visit.endpoint().nextList())).containsExactly("a", "b");
    awaitRegistered("rail");
    assertThat(railSocket()).isEqualTo(socket);
  }

  @Test
  void aKubeletThatStartsAgainFindsUsThere() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    kubelet.nextVisit().endpoint().nextList();
    kubelet.nextVisit().endpoint().nextList();

    kubelet.stop();
    awaitRegistered();
    kubelet.start();

    assertThat(kubelet.nextVisit().endpoint().nextList()).hasSize(1);
    assertThat(kubelet.nextVisit().endpoint().nextList()).hasSize(1);
    awaitRegistered("rail", "spine");
    assertThat(sockets()).containsExactlyInAnyOrder(RAIL_SOCKET, "rdmagid-spine-4711.sock");
  }

  @Test
  void aKubeletThatIsAwayFindsTheSocketThatItWillLookAt() throws IOException, InterruptedException {
    kubelet.stop();
    edge.offered(List.of(Offers.pool("rail", "a")));
    awaitReason("the kubelet has not come to the socket yet");
    Object socket = railSocket();
    skip(Duration.ofSeconds(149));
    edge.offered(List.of(Offers.pool("rail", "a", "b")));

    kubelet.start();

    assertThat(ids(kubelet.nextVisit().endpoint().nextList())).containsExactly("a", "b");
    awaitRegistered("rail");
    assertThat(railSocket()).isEqualTo(socket);
  }

  @Test
  void aSocketThatTheKubeletMissedIsMadeAgain() throws IOException, InterruptedException {
    kubelet.overlookNext();
    edge.offered(List.of(Offers.pool("rail", "a")));
    awaitReason("the kubelet has not come to the socket yet");

    await()
        .atMost(LIMIT)
        .until(() -> {
          skip(Duration.ofSeconds(150));
          edge.offered(List.of(Offers.pool("rail", "a")));
          return kubelet.waitingVisits() > 0;
        });

    awaitRegistered("rail");
  }

  @Test
  void aSocketThatIsRemovedIsMadeAgain() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit first = kubelet.nextVisit();
    first.endpoint().nextList();
    awaitRegistered("rail");

    Files.delete(pluginsRegistry.resolve(RAIL_SOCKET));

    assertThat(first.endpoint().end().isOk()).isFalse();
    assertThat(ids(kubelet.nextVisit().endpoint().nextList())).containsExactly("a");
    awaitRegistered("rail");
    assertThat(kubelet.waitingVisits()).isZero();
  }

  @Test
  void aKubeletThatRefusesComesAgainToTheSameSocket() throws IOException, InterruptedException {
    kubelet.stop();
    edge.offered(List.of(Offers.pool("rail", "a")));
    awaitReason("the kubelet has not come to the socket yet");
    Object socket = railSocket();
    kubelet.refuseNext("no room\nfor it");
    kubelet.start();

    assertThat(ids(kubelet.nextVisit().endpoint().nextList())).containsExactly("a");
    awaitRegistered("rail");
    assertThat(railSocket()).isEqualTo(socket);
  }

  @Test
  void whyTheKubeletRefusesIsTold() throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      kubelet.refuseNext("no room\nfor it");
    }
    edge.offered(List.of(Offers.pool("rail", "a")));

    awaitReason("the kubelet refused: no room for it");
  }

  @Test
  void aKubeletThatAcceptsAndDoesNotListenGetsANewSocket()
      throws IOException, InterruptedException {
    kubelet.ignoreNext();
    edge.offered(List.of(Offers.pool("rail", "a")));
    kubelet.nextVisit();

    await()
        .atMost(LIMIT)
        .until(() -> {
          skip(Duration.ofSeconds(10));
          edge.offered(List.of(Offers.pool("rail", "a")));
          return kubelet.waitingVisits() > 0;
        });

    assertThat(ids(kubelet.nextVisit().endpoint().nextList())).containsExactly("a");
  }

  @Test
  void aFolderThatComesLateIsUsed() throws IOException, InterruptedException {
    edge.close();
    kubelet.stop();
    Files.delete(pluginsRegistry);
    startEdge();
    edge.offered(List.of(Offers.pool("rail", "a")));
    awaitRegistered();

    kubelet.start();

    assertThat(ids(kubelet.nextVisit().endpoint().nextList())).containsExactly("a");
  }

  @Test
  void onlySocketsOfOursAreRemoved() throws IOException, InterruptedException {
    edge.close();
    kubelet.stop();
    Files.createFile(pluginsRegistry.resolve("rdmagid-rail-12.sock"));
    Files.createFile(pluginsRegistry.resolve("csi.example.com-reg.sock"));
    kubelet.start();

    startEdge();

    assertThat(sockets()).containsExactly("csi.example.com-reg.sock");
  }

  @Test
  void aPoolThatIsGoneIsEndedAndTheOthersStay() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit rail = kubelet.nextVisit();
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    Visit spine = kubelet.nextVisit();
    awaitRegistered("rail", "spine");

    edge.offered(List.of(Offers.pool("spine", "s")));

    assertThat(rail.endpoint().end().isOk()).isFalse();
    awaitRegistered("spine");
    assertThat(sockets()).containsExactly("rdmagid-spine-4711.sock");
    assertThat(spine.endpoint().ends).isEmpty();
  }

  @Test
  void closeEndsEverything() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Visit rail = kubelet.nextVisit();
    awaitRegistered("rail");

    edge.close();

    assertThat(rail.endpoint().end().isOk()).isFalse();
    assertThat(edge.states()).isEmpty();
    assertThat(sockets()).isEmpty();
  }
}
