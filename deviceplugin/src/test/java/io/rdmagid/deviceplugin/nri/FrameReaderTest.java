package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private static final byte[] DATA = {1, 2, 3};

  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  private static List<Message> readAll(ReadableByteChannel channel) throws IOException {
    FrameReader reader = new FrameReader(channel);
    List<Message> messages = new ArrayList<>();
    Message message = reader.next();
    while (message != null) {
      messages.add(message);
      message = reader.next();
    }
    return messages;
  }

  private static Message message(int connection, int stream, int type, byte[] data) {
    return new Message(connection, stream, type, ByteString.copyFrom(data));
  }

  @Test
  void oneMessageInOneFrame() throws IOException {
    byte[] bytes = hex("00000001 0000000d  00000003 00000007 01 00  010203");

    assertThat(readAll(Wire.channel(bytes))).containsExactly(message(1, 7, 1, DATA));
  }

  @Test
  void aSuccessWithoutContentHasLengthNought() throws IOException {
    byte[] bytes = hex("00000002 0000000a  00000000 00000001 02 00");

    assertThat(readAll(Wire.channel(bytes))).containsExactly(message(2, 1, 2, new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 11, 4096})
  void aMessageSpansFrames(int frameLength) throws IOException {
    byte[] data = new byte[10_000];
    new Random(1).nextBytes(data);
    byte[] whole = Wire.message(5, 1, data);
    byte[] bytes = {};
    for (int from = 0; from < whole.length; from += frameLength) {
      int to = Math.min(whole.length, from + frameLength);
      bytes = Wire.join(bytes, Wire.frame(1, Arrays.copyOfRange(whole, from, to)));
    }

    assertThat(readAll(Wire.channel(bytes))).containsExactly(message(1, 5, 1, data));
  }

  @Test
  void aFrameHoldsSeveralMessagesAndThePartOfOne() throws IOException {
    byte[] three =
        Wire.join(Wire.message(1, 1, DATA), Wire.message(3, 1, DATA), Wire.message(5, 1, DATA));
    byte[] bytes =
        Wire.join(
            Wire.frame(1, Arrays.copyOf(three, 30)),
            Wire.frame(1, new byte[0]),
            Wire.frame(1, Arrays.copyOfRange(three, 30, three.length)));

    assertThat(readAll(Wire.channel(bytes)))
        .containsExactly(message(1, 1, 1, DATA), message(1, 3, 1, DATA), message(1, 5, 1, DATA));
  }

  @Test
  void eachConnectionIsPutTogetherByItself() throws IOException {
    byte[] call = Wire.message(1, 1, DATA);
    byte[] answer = Wire.message(1, 2, new byte[0]);
    byte[] bytes =
        Wire.join(
            Wire.frame(1, Arrays.copyOf(call, 6)),
            Wire.frame(2, answer),
            Wire.frame(1, Arrays.copyOfRange(call, 6, call.length)));

    assertThat(readAll(Wire.channel(bytes)))
        .containsExactly(message(2, 1, 2, new byte[0]), message(1, 1, 1, DATA));
  }

  @Test
  void theStreamMayComeByteByByte() throws IOException {
    byte[] bytes =
        Wire.join(Wire.frame(1, Wire.message(1, 1, DATA)), Wire.frame(2, Wire.message(1, 2, DATA)));

    assertThat(readAll(new ByteByByte(bytes)))
        .containsExactly(message(1, 1, 1, DATA), message(2, 1, 2, DATA));
  }

  @Test
  void aFrameIsAsLongAsTheRuntimeLikes() throws IOException {
    byte[] data = new byte[3 << 20];

    assertThat(readAll(Wire.channel(Wire.frame(1, Wire.message(1, 1, data)))))
        .containsExactly(message(1, 1, 1, data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00000001 0000000a 01000001 00000001 01 00 | a message of 16777217 bytes, more than 16777216",
        "00000001 0000000a ffffffff 00000001 01 00 | a message of 4294967295 bytes, more than 16777216",
        "00000001 0100000b | a frame of 16777227 bytes",
        "00000001 ffffffff | a frame of 4294967295 bytes",
        "00000003 00000000 | a frame of connection 3",
        "00000000 00000000 | a frame of connection 0",
        "00000001 0000 | the stream ended inside a message",
        "00000001 00000001 00 | the stream ended inside a message",
        "00000001 0000000a 00000000 | the stream ended inside a frame",
        "00000001 0000000a 00000001 00000001 01 00 | the stream ended inside a message"
      })
  void whatIsNoStreamOfFramesIsTold(String bytes, String problem) {
    assertThatExceptionOfType(NriProtocolException.class)
        .isThrownBy(() -> readAll(Wire.channel(hex(bytes))))
        .withMessage(problem);
  }

  private static final class ByteByByte implements ReadableByteChannel {
    private final ByteBuffer bytes;

    ByteByByte(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      into.put(bytes.get());
      return 1;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
