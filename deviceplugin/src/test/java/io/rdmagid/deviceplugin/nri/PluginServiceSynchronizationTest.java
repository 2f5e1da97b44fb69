package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.PodSandbox;
import io.rdmagid.proto.nri.SynchronizeRequest;
import io.rdmagid.proto.nri.SynchronizeResponse;
import io.rdmagid.proto.ttrpc.Request;
import io.rdmagid.proto.ttrpc.Response;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A runtime that tells what it has already, in parts where that is much. */
class PluginServiceSynchronizationTest {
  private static final SynchronizeRequest NOTHING = SynchronizeRequest.getDefaultInstance();

  private final FakeListener listener = new FakeListener();
  private final PluginService service = new PluginService(listener);

  private Response call(SynchronizeRequest part) throws IOException, InterruptedException {
    Request request = Wire.request("Synchronize", part);
    return service.answer(PluginMethod.of(request), request, Duration.ZERO);
  }

  @Test
  void keepsPartsOfASynchronizationUntilTheLast() throws IOException, InterruptedException {
    SynchronizeRequest part =
        SynchronizeRequest.newBuilder()
            .addPods(PodSandbox.newBuilder().setId("s1"))
            .addContainers(Container.newBuilder().setId("c1").setPodSandboxId("s1"))
            .setMore(true)
            .build();

    Response first = call(part);
    assertThat(SynchronizeResponse.parseFrom(first.getPayload()).getMore()).isTrue();
    assertThat(service.isSynchronized()).isFalse();
    call(part);
    assertThat(listener.calls).isEmpty();

    Response last = call(part.toBuilder().setMore(false).build());
    assertThat(last).isEqualTo(Response.getDefaultInstance());
    assertThat(listener.calls).containsExactly("synchronize 3 3");
    assertThat(service.isSynchronized()).isTrue();

    call(part.toBuilder().setMore(false).build());
    assertThat(listener.calls).containsExactly("synchronize 3 3", "synchronize 1 1");
  }

  @Test
  void anEndlessSynchronizationEnds() {
    SynchronizeRequest part =
        SynchronizeRequest.newBuilder()
            .addPods(PodSandbox.newBuilder().setNameBytes(ByteString.copyFrom(new byte[4 << 20])))
            .setMore(true)
            .build();

    assertThatExceptionOfType(NriProtocolException.class)
        .isThrownBy(() -> {
          for (int i = 0; i < 16; i++) {
            call(part);
          }
        })
        .withMessage("Synchronize of more than 67108864 bytes");
  }

  @Test
  void aFailedSynchronizationIsAnError() throws IOException, InterruptedException {
    listener.onEvent =
        () -> {
          throw new IllegalStateException("staged");
        };

    assertThat(call(NOTHING).getStatus().getCode()).isEqualTo(13);
    assertThat(service.isSynchronized()).isFalse();
  }
}
