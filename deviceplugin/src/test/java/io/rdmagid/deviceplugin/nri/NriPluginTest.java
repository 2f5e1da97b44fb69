package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.Obstacle;
import io.rdmagid.proto.nri.ConfigureRequest;
import io.rdmagid.proto.nri.ConfigureResponse;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.CreateContainerRequest;
import io.rdmagid.proto.nri.CreateContainerResponse;
import io.rdmagid.proto.nri.Event;
import io.rdmagid.proto.nri.PodSandbox;
import io.rdmagid.proto.nri.RegisterPluginRequest;
import io.rdmagid.proto.nri.StateChangeEvent;
import io.rdmagid.proto.nri.SynchronizeRequest;
import io.rdmagid.proto.ttrpc.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NriPluginTest extends OnNriPlugin {
  private static final CreateContainerRequest CREATE =
      CreateContainerRequest.newBuilder()
          .setPod(PodSandbox.newBuilder().setId("s1"))
          .setContainer(Container.newBuilder().setId("c1").setPodSandboxId("s1"))
          .build();
  private static final StateChangeEvent STARTED =
      StateChangeEvent.newBuilder()
          .setEvent(Event.RUN_POD_SANDBOX)
          .setPod(PodSandbox.newBuilder().setId("s1"))
          .build();

  @Test
  void registersIsConfiguredAndSynchronized() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept()) {
        assertThat(peer.registration())
            .isEqualTo(
                RegisterPluginRequest.newBuilder()
                    .setPluginName("rdmagid")
                    .setPluginIdx("50")
                    .build());
        peer.acceptRegistration();
        Response configured =
            peer.call("Configure", ConfigureRequest.newBuilder().setRequestTimeout(400).build());
        assertThat(ConfigureResponse.parseFrom(configured.getPayload()).getEvents())
            .isEqualTo(0x60f);
        assertThat(plugin.state()).isEqualTo(NriState.CONNECTING);
        assertThat(connected()).isZero();

        peer.call("Synchronize", SynchronizeRequest.getDefaultInstance());
        awaitState(NriState.SYNCHRONIZED);
        assertThat(connected()).isOne();

        peer.call("StateChange", STARTED);
        peer.call("CreateContainer", CREATE);
        assertThat(listener.calls).containsExactly("synchronize 0 0", "started s1", "create s1 c1");
        await()
            .atMost(LIMIT)
            .until(() ->
                registry.get("rdmagid.nri.calls").tag("method", "CreateContainer").timer().count()
                    == 1);
      }
    }
  }

  @Test
  void configureMayComeBeforeTheAnswerToTheRegistration() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        peer.call("Configure", ConfigureRequest.getDefaultInstance());
        peer.call("Synchronize", SynchronizeRequest.getDefaultInstance());
        peer.acceptRegistration();
        peer.call("CreateContainer", CREATE);
      }
    }
    assertThat(listener.calls).contains("create s1 c1");
    assertThat(listener.limits)
        .singleElement()
        .satisfies(
            limit -> assertThat(limit).as("since it was read").isLessThan(Duration.ofMillis(500)));
  }

  @Test
  void messagesMaySpanFrames() throws IOException, InterruptedException {
    byte[] message =
        Wire.message(1, 1, Wire.request("Synchronize", manyContainers()).toByteArray());
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        // As the runtime does: the connection's name comes between the parts of a call.
        peer.raw(Wire.frame(1, Arrays.copyOf(message, 4096)));
        peer.acceptRegistration();
        peer.raw(Wire.frame(1, Arrays.copyOfRange(message, 4096, message.length)));
        peer.answer(1);
      }
    }
    assertThat(listener.calls).contains("synchronize 0 1000");
  }

  private static SynchronizeRequest manyContainers() {
    SynchronizeRequest.Builder request = SynchronizeRequest.newBuilder();
    for (int i = 0; i < 1000; i++) {
      request.addContainers(Container.newBuilder().setId("container-" + i));
    }
    return request.build();
  }

  @Test
  void aLongAnswerFitsTheRuntimesFrames() throws IOException, InterruptedException {
    String value = "x".repeat(100_000);
    listener.choice = (_, _, _) -> new Adjustment.Add(Map.of("LONG", value), OptionalLong.empty());
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        Response response = peer.call("CreateContainer", CREATE); // fails on a frame over 4,096
        assertThat(CreateContainerResponse.parseFrom(response.getPayload()).getAdjust().getEnv(0))
            .extracting(variable -> variable.getValue())
            .isEqualTo(value);
      }
    }
  }

  @Test
  void theEndOfTheStreamEndsTheWaitForAChoice() throws IOException, InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    listener.choice =
        (_, _, _) -> {
          waits.countDown();
          try {
            new CountDownLatch(1).await();
            throw new AssertionError("nobody counts");
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        };
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        peer.send("CreateContainer", CREATE);
        waits.await();
      }
      interrupted.await();
      runtime.accept().synchronizeEmpty().close();
    }
  }

  @Test
  void theEndOfTheStreamLeavesOtherCallsAlone() throws IOException, InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicBoolean undisturbed = new AtomicBoolean();
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        listener.onEvent =
            () -> {
              begun.countDown();
              try {
                finish.await();
                undisturbed.set(true);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            };
        peer.send("StateChange", STARTED);
        begun.await();
      }
      // The end is seen, and waits for the call: nothing of the next connection may come before.
      await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
      finish.countDown();
      listener.onEvent = () -> {};
      runtime.accept().synchronizeEmpty().close();
      assertThat(undisturbed).isTrue();
    }
  }

  @Test
  void callsThatComeTogetherAreAnsweredInOrder() throws IOException, InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    listener.choice =
        (_, _, _) -> {
          sent.await();
          return new Adjustment.Refuse(Obstacle.NO_ENTRY, "first");
        };
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        int first = peer.send("CreateContainer", CREATE);
        int second = peer.send("StateChange", STARTED);
        int third = peer.send("NewMethod", STARTED);
        // It has the second in hand and takes no more: what a runtime sends does not pile up.
        await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.WAITING);
        sent.countDown();
        assertThat(peer.answer(first).getStatus().getMessage()).isEqualTo("first");
        assertThat(peer.answer(second)).isEqualTo(Response.getDefaultInstance());
        assertThat(peer.answer(third).getStatus().getCode()).isEqualTo(12);
      }
    }
    assertThat(listener.calls).startsWith("synchronize 0 0", "create s1 c1", "started s1");
  }

  @Test
  void connectsAgainWhenTheRuntimeIsBack() throws IOException, InterruptedException {
    thread.start(); // no socket yet
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        awaitState(NriState.SYNCHRONIZED);
        peer.call("StateChange", STARTED);
      }
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        await().atMost(LIMIT).until(() -> connected() == 0);
      }
    }
    awaitState(NriState.ABSENT);
    try (FakeRuntime runtime = new FakeRuntime(socket);
        FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
      awaitState(NriState.SYNCHRONIZED);
      peer.call("StateChange", STARTED);
    }
    assertThat(listener.calls)
        .containsExactly("synchronize 0 0", "started s1", "synchronize 0 0", "started s1");
  }

  @Test
  void aRefusedRegistrationIsTriedAgain() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        peer.refuseRegistration(2, "staged");
        peer.awaitEnd();
      }
      runtime.accept().synchronizeEmpty().close();
    }
  }

  @Test
  void aRuntimeThatSendsNonsenseIsLeft() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        peer.raw(
            "HTTP/1.1 400 Bad Request\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        peer.awaitEnd();
      }
      try (FakeRuntime.Peer peer = runtime.accept()) {
        peer.registration();
        peer.send("CreateContainer", CREATE); // before Synchronize
        peer.awaitEnd();
      }
      runtime.accept().synchronizeEmpty().close();
    }
  }

  @Test
  void whatIsNotForUsIsPassedOver() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        peer.raw(Wire.frame(1, Wire.message(1, 3, new byte[] {1}))); // data of a streaming call
        peer.raw(Wire.frame(1, Wire.message(1, 2, new byte[] {1}))); // an answer to nothing
        peer.raw(Wire.frame(2, Wire.message(1, 1, new byte[] {1}))); // a call of our caller's side
        assertThat(peer.call("CreateContainer", CREATE)).isEqualTo(Response.getDefaultInstance());
      }
    }
  }

  @Test
  void aPluginNeedsANameAndTwoDigits() {
    for (String index : new String[] {"", "5", "500", "5x", "\u0665\u0665"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NriPlugin(socket, "rdmagid", index, listener, metrics, _ -> {}));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NriPlugin(socket, "", "50", listener, metrics, _ -> {}));
  }
}
