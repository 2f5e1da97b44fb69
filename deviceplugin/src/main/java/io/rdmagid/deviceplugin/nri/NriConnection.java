package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.proto.nri.RegisterPluginRequest;
import io.rdmagid.proto.ttrpc.Request;
import io.rdmagid.proto.ttrpc.Response;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection from registration to its end. The thread of {@link #serve} reads, so that it sees
 * the end at once; a second one, {@code nri-calls}, answers one call after the other, and is gone
 * when {@link #serve} returns.
 *
 * <p>The runtime has one call open at a time (it holds a lock over all of NRI). Should one have
 * more, the reader waits with the next until the last is answered: memory stays bounded.
 */
final class NriConnection {
  private static final String RUNTIME_SERVICE = "nri.pkg.api.v1alpha1.Runtime";

  private final ByteChannel channel;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final PluginService service;
  private final NriMetrics metrics;
  private final Consumer<String> synchronizedWith;
  private final Semaphore idle = new Semaphore(1);
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * Makes the connection's half of a channel that blocks.
   *
   * @param synchronizedWith called once the runtime has told what it has, with the runtime's name
   *     and version
   */
  NriConnection(
      ByteChannel channel,
      RuntimeListener listener,
      NriMetrics metrics,
      Consumer<String> synchronizedWith) {
    this.channel = channel;
    reader = new FrameReader(channel);
    writer = new FrameWriter(channel);
    service = new PluginService(listener);
    this.metrics = metrics;
    this.synchronizedWith = synchronizedWith;
  }

  /**
   * Registers and serves until the stream ends. A listener that still waits for a container's
   * choice is interrupted then; any other call is let finish.
   *
   * @throws IOException why it ended, if not by the runtime's closing it
   * @throws InterruptedException if the thread was interrupted
   */
  void serve(String name, String index) throws IOException, InterruptedException {
    try (ExecutorService calls =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("nri-calls").factory())) {
      read(calls, name, index);
    }
    IOException why = failure();
    if (why != null) {
      throw why;
    }
  }

  private void read(ExecutorService calls, String name, String index) throws InterruptedException {
    Future<?> createContainer = null;
    try {
      register(name, index);
      Message message = reader.next();
      while (message != null) {
        if (message.connection() == Message.PLUGIN && message.type() == Message.REQUEST) {
          Call call = call(message);
          idle.acquire();
          Future<?> answered = calls.submit(() -> answer(call));
          createContainer = call.method == PluginMethod.CREATE_CONTAINER ? answered : null;
        } else if (message.connection() == Message.RUNTIME && message.type() == Message.RESPONSE) {
          registered(message);
        }
        message = reader.next();
      }
    } catch (IOException e) {
      end(e);
    } finally {
      end(null);
      if (createContainer != null) {
        createContainer.cancel(true);
      }
    }
  }

  private record Call(int stream, PluginMethod method, Request request, long readAt) {
    Duration age() {
      return Duration.ofNanos(System.nanoTime() - readAt);
    }
  }

  private static Call call(Message message) throws NriProtocolException {
    try {
      Request request = Request.parseFrom(message.data());
      return new Call(message.stream(), PluginMethod.of(request), request, System.nanoTime());
    } catch (InvalidProtocolBufferException e) {
      throw new NriProtocolException("a request that is no ttrpc message", e);
    }
  }

  private void register(String name, String index) throws IOException {
    Request request =
        Request.newBuilder()
            .setService(RUNTIME_SERVICE)
            .setMethod("RegisterPlugin")
            .setPayload(
                RegisterPluginRequest.newBuilder()
                    .setPluginName(name)
                    .setPluginIdx(index)
                    .build()
                    .toByteString())
            .build();
    writer.write(new Message(Message.RUNTIME, 1, Message.REQUEST, request.toByteString()));
  }

  /** Our only call's answer; the runtime may have called us before it comes. */
  private static void registered(Message message) throws NriProtocolException {
    try {
      Response response = Response.parseFrom(message.data());
      if (response.getStatus().getCode() != 0) {
        throw new NriProtocolException(
            "the runtime refused to register: " + response.getStatus().getMessage());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new NriProtocolException("an answer that is no ttrpc message", e);
    }
  }

  private void answer(Call call) {
    try {
      if (!channel.isOpen()) {
        return;
      }
      boolean before = service.isSynchronized();
      Response response = service.answer(call.method, call.request, call.age());
      writer.write(
          new Message(Message.PLUGIN, call.stream, Message.RESPONSE, response.toByteString()));
      metrics.called(call.method, call.age());
      if (!before && service.isSynchronized()) {
        synchronizedWith.accept(service.runtime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the stream ended
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException | Error e) {
      end(new NriProtocolException("a call could not be answered", e));
    } finally {
      idle.release();
    }
  }

  /**
   * The connection cannot go on; closing it wakes the reader. Only the first reason counts: what
   * fails after it fails because of the closing.
   */
  private synchronized void end(@Nullable IOException why) {
    if (!ended) {
      ended = true;
      failure = why;
      try {
        channel.close();
      } catch (IOException e) {
        failure = why == null ? e : why;
      }
    }
  }

  private synchronized @Nullable IOException failure() {
    return failure;
  }
}
