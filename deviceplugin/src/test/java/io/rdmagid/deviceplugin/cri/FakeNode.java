package io.rdmagid.deviceplugin.cri;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.proto.cri.LinuxPodSandboxStatus;
import io.rdmagid.proto.cri.ListPodSandboxRequest;
import io.rdmagid.proto.cri.ListPodSandboxResponse;
import io.rdmagid.proto.cri.Namespace;
import io.rdmagid.proto.cri.NamespaceMode;
import io.rdmagid.proto.cri.NamespaceOption;
import io.rdmagid.proto.cri.PodSandbox;
import io.rdmagid.proto.cri.PodSandboxMetadata;
import io.rdmagid.proto.cri.PodSandboxState;
import io.rdmagid.proto.cri.PodSandboxStatus;
import io.rdmagid.proto.cri.PodSandboxStatusRequest;
import io.rdmagid.proto.cri.PodSandboxStatusResponse;
import io.rdmagid.proto.cri.RuntimeServiceGrpc.RuntimeServiceImplBase;
import io.rdmagid.proto.podresources.ContainerDevices;
import io.rdmagid.proto.podresources.ContainerResources;
import io.rdmagid.proto.podresources.GetPodResourcesRequest;
import io.rdmagid.proto.podresources.GetPodResourcesResponse;
import io.rdmagid.proto.podresources.PodResources;
import io.rdmagid.proto.podresources.PodResourcesListerGrpc.PodResourcesListerImplBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A container runtime's CRI and a kubelet's pod resources, each on a socket, as far as the agent
 * sees them.
 */
final class FakeNode implements AutoCloseable {
  final Path runtimeSocket;
  final Path kubeletSocket;
  final Map<String, PodSandbox> sandboxes = new ConcurrentHashMap<>();
  final Map<String, PodSandboxStatusResponse> statuses = new ConcurrentHashMap<>();
  final Map<String, PodResources> pods = new ConcurrentHashMap<>();

  /** The pods that the kubelet was asked of. */
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  /** How many questions of the kubelet's are yet too many. */
  final AtomicInteger tooMany = new AtomicInteger();

  /** Whether the kubelet's feature gate for Get is off. */
  volatile boolean getDisabled;

  final AtomicInteger lists = new AtomicInteger();
  private final UnixTransport transport = new UnixTransport("fake");
  private Server runtime;
  private Server kubelet;

  FakeNode(Path folder) {
    runtimeSocket = folder.resolve("cri.sock");
    kubeletSocket = folder.resolve("pods.sock");
  }

  void startRuntime() throws IOException {
    runtime = serve(runtimeSocket, new RuntimeSide());
  }

  void stopRuntime() throws IOException {
    transport.end(runtime, runtimeSocket);
    runtime = null;
  }

  void startKubelet() throws IOException {
    kubelet = serve(kubeletSocket, new Kubelet());
  }

  /** A pod whose sandbox of the same name has a network namespace of its own. */
  void addSandbox(String id, String pod, long createdAt) {
    sandboxes.put(
        id,
        PodSandbox.newBuilder()
            .setId(id)
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setName(pod)
                    .setNamespace("default")
                    .setUid("uid-" + pod))
            .setCreatedAt(createdAt)
            .build());
    String info =
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/run/netns/"
            + id
            + "\"}]}}}";
    statuses.put(id, status(NamespaceMode.POD, info));
  }

  static PodSandboxStatusResponse status(NamespaceMode network, String info) {
    return PodSandboxStatusResponse.newBuilder()
        .setStatus(
            PodSandboxStatus.newBuilder()
                .setLinux(
                    LinuxPodSandboxStatus.newBuilder()
                        .setNamespaces(
                            Namespace.newBuilder()
                                .setOptions(NamespaceOption.newBuilder().setNetwork(network)))))
        .putInfo("info", info)
        .build();
  }

  /** A pod with one container. Each device is told in an entry of its own, as the kubelet does. */
  void addPod(String name, String container, Map<String, List<String>> devices) {
    ContainerResources.Builder resources = ContainerResources.newBuilder().setName(container);
    devices.forEach((resource, ids) ->
        ids.forEach(id ->
            resources.addDevices(
                ContainerDevices.newBuilder().setResourceName(resource).addDeviceIds(id))));
    pods.put(
        name,
        PodResources.newBuilder()
            .setName(name)
            .setNamespace("default")
            .addContainers(ContainerResources.newBuilder().setName("sidecar"))
            .addContainers(resources)
            .build());
  }

  private Server serve(Path socket, BindableService service) throws IOException {
    return transport.serve(socket, "rw-------", server -> server.addService(service));
  }

  @Override
  public void close() throws IOException {
    if (runtime != null) {
      stopRuntime();
    }
    if (kubelet != null) {
      transport.end(kubelet, kubeletSocket);
    }
    transport.close();
  }

  private final class RuntimeSide extends RuntimeServiceImplBase {
    @Override
    public void listPodSandbox(
        ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> out) {
      lists.incrementAndGet();
      PodSandboxState state = request.getFilter().getState().getState();
      ListPodSandboxResponse.Builder response = ListPodSandboxResponse.newBuilder();
      sandboxes.values().stream()
          .filter(sandbox -> sandbox.getState() == state)
          .forEach(response::addItems);
      out.onNext(response.build());
      out.onCompleted();
    }

    @Override
    public void podSandboxStatus(
        PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> out) {
      PodSandboxStatusResponse status = statuses.get(request.getPodSandboxId());
      if (status == null) {
        out.onError(Status.NOT_FOUND.withDescription("no such sandbox").asRuntimeException());
        return;
      }
      out.onNext(request.getVerbose() ? status : status.toBuilder().clearInfo().build());
      out.onCompleted();
    }
  }

  private final class Kubelet extends PodResourcesListerImplBase {
    @Override
    public void get(GetPodResourcesRequest request, StreamObserver<GetPodResourcesResponse> out) {
      if (tooMany.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
        out.onError(
            Status.RESOURCE_EXHAUSTED
                .withDescription("rejected by rate limit")
                .asRuntimeException());
        return;
      }
      if (getDisabled) {
        out.onError(
            Status.UNKNOWN
                .withDescription("PodResources API Get method disabled")
                .asRuntimeException());
        return;
      }
      asked.add(request.getPodName());
      PodResources pod = pods.get(request.getPodName());
      if (pod == null || !pod.getNamespace().equals(request.getPodNamespace())) {
        out.onError(
            Status.UNKNOWN
                .withDescription(
                    "pod %s in namespace %s not found"
                        .formatted(request.getPodName(), request.getPodNamespace()))
                .asRuntimeException());
        return;
      }
      out.onNext(GetPodResourcesResponse.newBuilder().setPodResources(pod).build());
      out.onCompleted();
    }
  }
}
