package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.nri.ConfigureRequest;
import io.rdmagid.proto.nri.ConfigureResponse;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.CreateContainerRequest;
import io.rdmagid.proto.nri.CreateContainerResponse;
import io.rdmagid.proto.nri.Event;
import io.rdmagid.proto.nri.PodSandbox;
import io.rdmagid.proto.nri.StateChangeEvent;
import io.rdmagid.proto.nri.StopContainerRequest;
import io.rdmagid.proto.nri.SynchronizeRequest;
import io.rdmagid.proto.nri.SynchronizeResponse;
import io.rdmagid.proto.ttrpc.Request;
import io.rdmagid.proto.ttrpc.Response;
import io.rdmagid.proto.ttrpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the calls of one connection, by asking the listener. A listener that throws does not take
 * the node's pods with it: the container is made as if the agent were away. For one thread at a
 * time.
 */
final class PluginService {
  private static final Logger LOG = LoggerFactory.getLogger(PluginService.class);

  private static final int FAILED_PRECONDITION = 9;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final List<Event> SUBSCRIBED =
      List.of(
          Event.RUN_POD_SANDBOX,
          Event.STOP_POD_SANDBOX,
          Event.REMOVE_POD_SANDBOX,
          Event.CREATE_CONTAINER,
          Event.STOP_CONTAINER,
          Event.REMOVE_CONTAINER);
  private static final long DEFAULT_REQUEST_TIMEOUT_MILLIS = 2_000;
  private static final long LONGEST_WAIT_MILLIS = 500;

  /** All parts of one Synchronize; 20,000 containers take 48 MiB. */
  private static final long LONGEST_SYNCHRONIZE = 64L << 20;

  private static final Response SUCCESS = Response.getDefaultInstance();

  private final RuntimeListener listener;
  private final List<Sandbox> sandboxes = new ArrayList<>();
  private final List<ContainerSpec> containers = new ArrayList<>();
  private final EndedSandboxes ended = new EndedSandboxes();
  private long synchronizeBytes;
  private Duration limit = waitLimit(0);
  private String runtime = "";
  private boolean toldAll;

  PluginService(RuntimeListener listener) {
    this.listener = listener;
  }

  /**
   * The answer to a call.
   *
   * @param age how long ago the call was read: the runtime counts from before that. The limit that
   *     the listener gets may be negative by then
   * @throws NriProtocolException if the call cannot be read, or comes out of turn
   * @throws InterruptedException if the thread was interrupted while the listener waited
   */
  Response answer(PluginMethod method, Request request, Duration age)
      throws NriProtocolException, InterruptedException {
    ByteString payload = request.getPayload();
    try {
      return switch (method) {
        case CONFIGURE -> configure(ConfigureRequest.parseFrom(payload));
        case SYNCHRONIZE -> synchronize(SynchronizeRequest.parseFrom(payload), payload.size());
        case CREATE_CONTAINER -> createContainer(CreateContainerRequest.parseFrom(payload), age);
        case STOP_CONTAINER -> stopContainer(StopContainerRequest.parseFrom(payload));
        case STATE_CHANGE -> stateChange(StateChangeEvent.parseFrom(payload));
        case SHUTDOWN -> {
          LOG.atInfo().log("runtime shuts the plugin down");
          yield SUCCESS; // it closes the connection itself
        }
        case OTHER -> failure(UNIMPLEMENTED, "method " + request.getMethod());
      };
    } catch (InvalidProtocolBufferException e) {
      throw new NriProtocolException(method.wireName() + " is no such message", e);
    }
  }

  /** Whether all that the runtime has was told, and taken. */
  boolean isSynchronized() {
    return toldAll;
  }

  /** Name and version, once known. */
  String runtime() {
    return runtime;
  }

  private Response configure(ConfigureRequest request) {
    runtime = (request.getRuntimeName() + " " + request.getRuntimeVersion()).strip();
    limit = waitLimit(request.getRequestTimeout());
    int mask = 0;
    for (Event event : SUBSCRIBED) {
      mask |= 1 << (event.getNumber() - 1);
    }
    return success(ConfigureResponse.newBuilder().setEvents(mask).build());
  }

  /** A quarter of the time that the runtime gives a plugin: it holds a node-wide lock meanwhile. */
  private static Duration waitLimit(long requestTimeoutMillis) {
    long timeout = requestTimeoutMillis > 0 ? requestTimeoutMillis : DEFAULT_REQUEST_TIMEOUT_MILLIS;
    return Duration.ofMillis(Math.min(LONGEST_WAIT_MILLIS, timeout / 4));
  }

  private Response synchronize(SynchronizeRequest request, int bytes) throws NriProtocolException {
    synchronizeBytes += bytes;
    if (synchronizeBytes > LONGEST_SYNCHRONIZE) {
      throw new NriProtocolException("Synchronize of more than " + LONGEST_SYNCHRONIZE + " bytes");
    }
    for (PodSandbox pod : request.getPodsList()) {
      Sandbox sandbox = NriMapping.sandbox(pod);
      sandboxes.add(sandbox);
      ended.shown(pod, sandbox, runtime);
    }
    for (Container container : request.getContainersList()) {
      if (!NriMapping.isStopped(container)) {
        containers.add(NriMapping.container(container));
      }
    }
    if (request.getMore()) {
      return success(SynchronizeResponse.newBuilder().setMore(true).build());
    }
    try {
      listener.synchronize(ended.alive(sandboxes, containers), List.copyOf(containers));
      toldAll = true;
      return SUCCESS;
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("synchronization failed");
      return failure(INTERNAL, "synchronization failed, see the log of the rdmagid agent");
    } finally {
      sandboxes.clear();
      containers.clear();
      ended.clear();
      synchronizeBytes = 0;
    }
  }

  private Response createContainer(CreateContainerRequest request, Duration age)
      throws NriProtocolException, InterruptedException {
    requireSynchronized();
    Sandbox sandbox = NriMapping.sandbox(request.getPod());
    ContainerSpec container = NriMapping.container(request.getContainer());
    Adjustment adjustment;
    try {
      adjustment = listener.createContainer(sandbox, container, limit.minus(age));
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("pod", sandbox.namespace() + "/" + sandbox.podName())
          .addKeyValue("container", container.name())
          .log("no choice made, container goes without");
      return SUCCESS;
    }
    return switch (adjustment) {
      case Adjustment.None _ -> SUCCESS;
      case Adjustment.Add add ->
          success(
              CreateContainerResponse.newBuilder().setAdjust(NriMapping.adjustment(add)).build());
      case Adjustment.Refuse(_, String reason) -> failure(FAILED_PRECONDITION, reason);
    };
  }

  /** An error in the answer would fail the pod, so there is none. */
  private Response stateChange(StateChangeEvent event) throws NriProtocolException {
    requireSynchronized();
    PodSandbox pod = event.getPod();
    try {
      switch (event.getEvent()) {
        case RUN_POD_SANDBOX -> listener.sandboxStarted(NriMapping.sandbox(pod));
        case STOP_POD_SANDBOX -> listener.sandboxStopped(pod.getId());
        case REMOVE_POD_SANDBOX -> listener.sandboxRemoved(pod.getId());
        case REMOVE_CONTAINER ->
            listener.containerRemoved(
                event.getContainer().getPodSandboxId(), event.getContainer().getId());
        case UNKNOWN,
            CREATE_CONTAINER,
            POST_CREATE_CONTAINER,
            START_CONTAINER,
            POST_START_CONTAINER,
            UPDATE_CONTAINER,
            POST_UPDATE_CONTAINER,
            STOP_CONTAINER,
            UNRECOGNIZED -> {}
      }
    } catch (RuntimeException e) {
      notTaken(event.getEvent(), pod.getId(), e);
    }
    return SUCCESS;
  }

  /**
   * A container has been stopped, or has ended by itself (containerd: NotifyContainerExit in
   * internal/nri/nri.go; CRI-O: handleExit in server/server.go).
   */
  private Response stopContainer(StopContainerRequest request) throws NriProtocolException {
    requireSynchronized();
    Container container = request.getContainer();
    try {
      listener.containerStopped(container.getPodSandboxId(), container.getId());
    } catch (RuntimeException e) {
      notTaken(Event.STOP_CONTAINER, container.getPodSandboxId(), e);
    }
    return SUCCESS;
  }

  private static void notTaken(Event event, String sandbox, RuntimeException why) {
    LOG.atError()
        .setCause(why)
        .addKeyValue("event", event)
        .addKeyValue("sandbox", sandbox)
        .log("event not taken");
  }

  private void requireSynchronized() throws NriProtocolException {
    if (!toldAll) {
      throw new NriProtocolException("the runtime calls before it has synchronized");
    }
  }

  private static Response success(MessageLite payload) {
    return Response.newBuilder().setPayload(payload.toByteString()).build();
  }

  private static Response failure(int code, String message) {
    return Response.newBuilder()
        .setStatus(Status.newBuilder().setCode(code).setMessage(message))
        .build();
  }
}
