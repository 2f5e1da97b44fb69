package io.rdmagid.deviceplugin.cri;

import io.grpc.Status;
import io.rdmagid.deviceplugin.pace.TokenBucket;
import io.rdmagid.proto.podresources.GetPodResourcesRequest;
import io.rdmagid.proto.podresources.PodResourcesListerGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What the kubelet is asked of its pods' resources. It answers 100 questions a second and ten at
 * once (pkg/kubelet/apis/podresources/constants.go), of all clients together; we take half of that.
 * Not thread-safe.
 */
final class KubeletCalls {
  private static final int BURST = 5;
  private static final Duration INTERVAL = Duration.ofMillis(20);

  /**
   * What a kubelet says whose feature gate KubeletPodResourcesGet is off, as it was by default
   * before 1.34 (pkg/kubelet/apis/podresources/server_v1.go, Get): an error as plain as that of a
   * pod that is not there. Since 1.36 there is no gate.
   */
  static final String SWITCHED_OFF = "PodResources API Get method disabled";

  /** Where others have taken the rest. */
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(100);

  private final SocketCalls calls;
  private final Path socket;
  private final TokenBucket pace = new TokenBucket(BURST, INTERVAL);

  /** Calls nobody yet. */
  KubeletCalls(SocketCalls calls, Path socket) {
    this.calls = calls;
    this.socket = socket;
  }

  /**
   * What the pod of this name has; empty where the kubelet has no such pod. It may be another pod
   * of the same name than the one that is meant: no answer names a UID.
   *
   * @throws CallFailedException if the kubelet does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Optional<PodDevices> devices(String namespace, String podName)
      throws CallFailedException, InterruptedException {
    GetPodResourcesRequest request =
        GetPodResourcesRequest.newBuilder().setPodNamespace(namespace).setPodName(podName).build();
    long end = System.nanoTime() + SocketCalls.LIMIT.toNanos();
    while (true) {
      OptionalLong due = pace.dueAt(System.nanoTime());
      if (due.isPresent()) {
        TimeUnit.NANOSECONDS.sleep(due.getAsLong() - System.nanoTime());
      }
      pace.take(System.nanoTime());
      try {
        return Optional.of(
            calls.call(
                "the kubelet",
                socket,
                channel ->
                    PodDevices.of(
                        PodResourcesListerGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(SocketCalls.LIMIT.toNanos(), TimeUnit.NANOSECONDS)
                            .get(request)
                            .getPodResources())));
      } catch (CallFailedException e) {
        if (String.valueOf(e.getMessage()).contains(SWITCHED_OFF)) {
          throw new CallFailedException(
              "the kubelet tells nobody what its pods have: turn on its feature gate"
                  + " KubeletPodResourcesGet, which is on by default from Kubernetes 1.34",
              e.code(),
              e);
        }
        // A pod that is not there is a plain error of Go, too, in the same function.
        if (e.code() == Status.Code.UNKNOWN) {
          return Optional.empty();
        }
        if (e.code() != Status.Code.RESOURCE_EXHAUSTED || System.nanoTime() - end >= 0) {
          throw e;
        }
        TimeUnit.NANOSECONDS.sleep(REFUSED_PAUSE.toNanos());
      }
    }
  }
}
