package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
  private static byte[] write(Message message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new FrameWriter(Channels.newChannel(out)).write(message);
    return out.toByteArray();
  }

  @Test
  void aShortMessageIsOneFrame() throws IOException {
    byte[] bytes = write(new Message(1, 9, 2, ByteString.copyFrom(new byte[] {1, 2, 3})));

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("000000010000000d" + "00000003000000090200" + "010203");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4085, 4086, 4087, 8182, 8183, 100_000})
  void noFrameIsLongerThanTheRuntimeCanTake(int length) throws IOException {
    byte[] data = new byte[length];
    new Random(1).nextBytes(data);

    byte[] bytes = write(new Message(2, 1, 1, ByteString.copyFrom(data)));

    ByteArrayOutputStream together = new ByteArrayOutputStream();
    ByteBuffer frames = ByteBuffer.wrap(bytes);
    while (frames.hasRemaining()) {
      assertThat(frames.getInt()).isEqualTo(2);
      byte[] frame = new byte[frames.getInt()];
      assertThat(frame.length).isBetween(1, 4096);
      frames.get(frame);
      together.writeBytes(frame);
    }
    assertThat(together.toByteArray()).isEqualTo(Wire.message(1, 1, data));
  }
}
