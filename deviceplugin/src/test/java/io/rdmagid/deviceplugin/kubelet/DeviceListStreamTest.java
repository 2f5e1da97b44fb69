package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceListStreamTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** As good as any: {@code System.nanoTime} may be negative, and may turn over. */
  private static final long START = Long.MAX_VALUE - SECOND / 2;

  private final FakeCall call = new FakeCall();
  private final List<String> events = new ArrayList<>();
  private final DeviceListStream stream = new DeviceListStream(call, () -> events.add("event"));

  private static ListAndWatchResponse list(String id) {
    return ListAndWatchResponse.newBuilder().addDevices(Device.newBuilder().setID(id)).build();
  }

  @Test
  void theFirstListGoesOutAtOnce() {
    assertThat(stream.send(list("a"), START)).isEqualTo(DeviceListStream.NOTHING_DUE);

    assertThat(call.sent).containsExactly(list("a"));
  }

  @Test
  void theSecondWaitsForASecondAndIsTheNewestThen() {
    stream.send(list("a"), START);

    assertThat(stream.send(list("b"), START + SECOND / 4)).isEqualTo(SECOND - SECOND / 4);
    assertThat(stream.send(list("c"), START + SECOND - 1)).isOne();
    assertThat(call.sent).containsExactly(list("a"));
    assertThat(stream.send(list("c"), START + SECOND)).isEqualTo(DeviceListStream.NOTHING_DUE);

    assertThat(call.sent).containsExactly(list("a"), list("c"));
  }

  @Test
  void whatTheKubeletHasIsNotSentAgain() {
    stream.send(list("a"), START);

    assertThat(stream.send(list("a"), START + 5 * SECOND)).isEqualTo(DeviceListStream.NOTHING_DUE);
    // Away and back within the second: there is nothing to tell.
    stream.send(list("b"), START + 1);
    assertThat(stream.send(list("a"), START + SECOND)).isEqualTo(DeviceListStream.NOTHING_DUE);

    assertThat(call.sent).containsExactly(list("a"));
  }

  @Test
  void aKubeletThatDoesNotReadGetsTheNewestWhenItDoes() {
    stream.send(list("a"), START);
    call.ready = false;
    assertThat(stream.send(list("b"), START + 2 * SECOND)).isEqualTo(DeviceListStream.NOTHING_DUE);

    call.ready = true;
    call.onReady.run();
    assertThat(events).containsExactly("event");
    stream.send(list("c"), START + 3 * SECOND);

    assertThat(call.sent).containsExactly(list("a"), list("c"));
  }

  @Test
  void nothingIsSentAfterTheEnd() {
    assertThat(stream.hasEnded()).isFalse();
    call.onCancel.run();

    assertThat(stream.hasEnded()).isTrue();
    assertThat(events).containsExactly("event");
    assertThat(stream.send(list("a"), START)).isEqualTo(DeviceListStream.NOTHING_DUE);
    assertThat(call.sent).isEmpty();
  }

  private static final class FakeCall extends ServerCallStreamObserver<ListAndWatchResponse> {
    final List<ListAndWatchResponse> sent = new ArrayList<>();
    boolean ready = true;
    Runnable onReady = () -> {};
    Runnable onCancel = () -> {};

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void onNext(ListAndWatchResponse list) {
      sent.add(list);
    }

    @Override
    public boolean isCancelled() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setCompression(String compression) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void disableAutoInboundFlowControl() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void request(int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setMessageCompression(boolean enable) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onError(Throwable failure) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onCompleted() {
      throw new UnsupportedOperationException();
    }
  }
}
