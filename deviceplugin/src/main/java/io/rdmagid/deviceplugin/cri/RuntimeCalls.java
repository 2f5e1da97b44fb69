package io.rdmagid.deviceplugin.cri;

import io.grpc.Status;
import io.rdmagid.deviceplugin.transport.UnixSocket;
import io.rdmagid.proto.cri.ListPodSandboxRequest;
import io.rdmagid.proto.cri.PodSandboxFilter;
import io.rdmagid.proto.cri.PodSandboxState;
import io.rdmagid.proto.cri.PodSandboxStateValue;
import io.rdmagid.proto.cri.PodSandboxStatusRequest;
import io.rdmagid.proto.cri.RuntimeServiceGrpc;
import io.rdmagid.proto.cri.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What the container runtime is asked by CRI. Its methods may come from any thread. */
final class RuntimeCalls {
  private static final String WHO = "the container runtime";
  private static final ListPodSandboxRequest READY =
      ListPodSandboxRequest.newBuilder()
          .setFilter(
              PodSandboxFilter.newBuilder()
                  .setState(
                      PodSandboxStateValue.newBuilder().setState(PodSandboxState.SANDBOX_READY)))
          .build();

  private final SocketCalls calls;
  private final List<Path> sockets;

  /**
   * Calls nobody yet.
   *
   * @param sockets the first of which that is there is the runtime's
   */
  RuntimeCalls(SocketCalls calls, List<Path> sockets) {
    this.calls = calls;
    this.sockets = List.copyOf(sockets);
  }

  /** Why no call can be answered now, a sentence without a full stop; empty where one can. */
  Optional<String> objection() {
    return socket().filter(UnixSocket::isListening).isPresent()
        ? Optional.empty()
        : Optional.of(absence());
  }

  /**
   * The sandboxes in which containers can run.
   *
   * @throws CallFailedException if the runtime does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  List<ReadySandbox> readySandboxes() throws CallFailedException, InterruptedException {
    return call(runtime ->
        runtime.listPodSandbox(READY).getItemsList().stream()
            .filter(sandbox -> sandbox.getState() == PodSandboxState.SANDBOX_READY)
            .map(ReadySandbox::of)
            .toList());
  }

  /**
   * The network of a sandbox.
   *
   * @throws CallFailedException if the runtime does not answer, or no longer has the sandbox
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  SandboxNetwork network(String sandboxId) throws CallFailedException, InterruptedException {
    PodSandboxStatusRequest request =
        PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandboxId).setVerbose(true).build();
    return call(runtime -> SandboxNetwork.of(runtime.podSandboxStatus(request)));
  }

  private <T> T call(Function<RuntimeServiceBlockingStub, T> question)
      throws CallFailedException, InterruptedException {
    Optional<Path> socket = socket();
    if (socket.isEmpty()) {
      throw new CallFailedException(
          absence(), Status.Code.UNAVAILABLE, new NoSuchFileException(names()));
    }
    return calls.call(
        WHO,
        socket.get(),
        channel ->
            question.apply(
                RuntimeServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SocketCalls.LIMIT.toNanos(), TimeUnit.NANOSECONDS)));
  }

  private Optional<Path> socket() {
    return sockets.stream().filter(Files::exists).findFirst();
  }

  private String absence() {
    return WHO + " does not answer by CRI on " + names();
  }

  private String names() {
    return String.join(", ", sockets.stream().map(Path::toString).toList());
  }
}
