package io.rdmagid.deviceplugin.kubelet;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rdmagid.deviceplugin.workload.Allocator;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.AllocateResponse;
import io.rdmagid.proto.deviceplugin.CDIDevice;
import io.rdmagid.proto.deviceplugin.ContainerAllocateResponse;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationResponse;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc.DevicePluginImplBase;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.Mount;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import io.rdmagid.proto.deviceplugin.PreStartContainerResponse;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.PreferredAllocationResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kubelet calls, for one pool. Called by any thread, several at a time. */
final class PoolService extends DevicePluginImplBase {
  /** Of the calls below. */
  static final String API_VERSION = "v1beta1";

  private static final String FAILED = "rdmagid failed, see the log of its agent on this node";
  private static final Logger LOG = LoggerFactory.getLogger(PoolService.class);

  private final Allocator allocator;
  private final ContainerStarts starts;
  private final KubeletMetrics metrics;
  private final Runnable wake;
  private final Queue<DeviceListStream> opened = new ConcurrentLinkedQueue<>();
  private volatile PoolOffer offer;
  private volatile boolean preStart;

  /**
   * Answers for a pool.
   *
   * @param starts answers before each start of a container, where the kubelet asks then
   * @param wake called when a stream was opened, has ended or takes lists again
   */
  PoolService(
      PoolOffer offer,
      Allocator allocator,
      ContainerStarts starts,
      KubeletMetrics metrics,
      Runnable wake) {
    this.offer = offer;
    this.allocator = allocator;
    this.starts = starts;
    this.metrics = metrics;
    this.wake = wake;
  }

  /** The pool's devices are now these. */
  void offer(PoolOffer newest) {
    offer = newest;
  }

  /**
   * The kubelet is to ask before each start of a container, or not. It learns that when it
   * registers the plugin, and never again.
   */
  void preStart(boolean required) {
    preStart = required;
  }

  /** What we can do, as the registration says it too. */
  DevicePluginOptions options() {
    return DevicePluginOptions.newBuilder()
        .setGetPreferredAllocationAvailable(true)
        .setPreStartRequired(preStart)
        .build();
  }

  /** Takes the streams that were opened since the last call. */
  List<DeviceListStream> takeOpened() {
    List<DeviceListStream> taken = new ArrayList<>();
    for (DeviceListStream next = opened.poll(); next != null; next = opened.poll()) {
      taken.add(next);
    }
    return taken;
  }

  @Override
  public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> out) {
    answer(out, options());
  }

  @Override
  public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> out) {
    if (out instanceof ServerCallStreamObserver<ListAndWatchResponse> call) {
      opened.add(new DeviceListStream(call, wake));
      wake.run();
    } else {
      throw new AssertionError("grpc-java gives a server's method nothing else");
    }
  }

  @Override
  public void getPreferredAllocation(
      PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> out) {
    String problems = RequestProblems.of(request);
    if (!problems.isEmpty()) {
      out.onError(status(Status.INVALID_ARGUMENT, problems));
      return;
    }
    List<OfferedDevice> devices = offer.devices();
    PreferredAllocationResponse.Builder response = PreferredAllocationResponse.newBuilder();
    for (var container : request.getContainerRequestsList()) {
      response.addContainerResponses(
          ContainerPreferredAllocationResponse.newBuilder()
              .addAllDeviceIDs(
                  PreferredDevices.choose(
                      devices,
                      container.getAvailableDeviceIDsList(),
                      container.getMustIncludeDeviceIDsList(),
                      container.getAllocationSize())));
    }
    answer(out, response.build());
  }

  @Override
  public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> out) {
    PoolOffer current = offer;
    String problems = RequestProblems.of(request, ids(current));
    if (!problems.isEmpty()) {
      metrics.invalid();
      out.onError(status(Status.INVALID_ARGUMENT, "pool " + current.pool() + ": " + problems));
      return;
    }
    try {
      allocate(current.pool(), request, out);
    } catch (RuntimeException e) {
      metrics.failed();
      LOG.atError().addKeyValue("pool", current.pool()).setCause(e).log("allocation failed");
      out.onError(status(Status.INTERNAL, FAILED));
    }
  }

  @Override
  public void preStartContainer(
      PreStartContainerRequest request, StreamObserver<PreStartContainerResponse> out) {
    PoolOffer current = offer;
    String problems = RequestProblems.of(request, ids(current));
    if (!problems.isEmpty()) {
      metrics.start("invalid");
      out.onError(status(Status.INVALID_ARGUMENT, "pool " + current.pool() + ": " + problems));
      return;
    }
    try {
      switch (starts.starts(current.resourceName(), request.getDevicesIdsList())) {
        case ContainerStarts.Outcome.Ready _ -> {
          metrics.start("ready");
          answer(out, PreStartContainerResponse.getDefaultInstance());
        }
        case ContainerStarts.Outcome.Refused(String reason) -> {
          metrics.start("refused");
          out.onError(status(Status.FAILED_PRECONDITION, reason));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.onError(status(Status.UNAVAILABLE, "the agent ends"));
    } catch (RuntimeException e) {
      metrics.start("failed");
      LOG.atError()
          .addKeyValue("pool", current.pool())
          .setCause(e)
          .log("start of container failed");
      out.onError(status(Status.INTERNAL, FAILED));
    }
  }

  private void allocate(
      String pool, AllocateRequest request, StreamObserver<AllocateResponse> out) {
    AllocateResponse.Builder response = AllocateResponse.newBuilder();
    for (var container : request.getContainerRequestsList()) {
      switch (allocator.allocate(pool, container.getDevicesIdsList())) {
        case Allocator.Outcome.Granted granted -> response.addContainerResponses(response(granted));
        case Allocator.Outcome.Refused(String reason) -> {
          metrics.refused();
          out.onError(status(Status.FAILED_PRECONDITION, reason));
          return;
        }
      }
    }
    metrics.granted();
    answer(out, response.build());
  }

  private static Set<String> ids(PoolOffer offer) {
    Set<String> ids = new HashSet<>();
    offer.devices().forEach(device -> ids.add(device.id()));
    return ids;
  }

  private static ContainerAllocateResponse response(Allocator.Outcome.Granted granted) {
    ContainerAllocateResponse.Builder container =
        ContainerAllocateResponse.newBuilder()
            .addMounts(
                Mount.newBuilder()
                    .setHostPath(granted.hostFolder().toString())
                    .setContainerPath(granted.containerFolder())
                    .setReadOnly(true))
            .putAllEnvs(granted.variables());
    for (String name : granted.cdiDevices()) {
      container.addCdiDevices(CDIDevice.newBuilder().setName(name));
    }
    return container.build();
  }

  private static <T> void answer(StreamObserver<T> out, T response) {
    out.onNext(response);
    out.onCompleted();
  }

  private static StatusRuntimeException status(Status status, String description) {
    return status.withDescription(description).asRuntimeException();
  }
}
