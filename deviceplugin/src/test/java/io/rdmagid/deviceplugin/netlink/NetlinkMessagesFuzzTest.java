package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Whatever stands in a message, it is read or left out. Only the kernel is listened to, but each
 * kernel is another.
 */
class NetlinkMessagesFuzzTest {
  private static final List<Short> TYPES =
      List.of(
          NetlinkMessages.RTM_NEWLINK,
          NetlinkMessages.RTM_NEWADDR,
          NetlinkMessages.RTM_NEWNSID,
          (short) 2);

  private static void parse(short type, byte[] bytes) {
    RouteSocket.Message message =
        new RouteSocket.Message(type, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    assertThat(
            List.of(
                NetlinkMessages.link(message),
                NetlinkMessages.address(message),
                NetlinkMessages.stack(message),
                NetlinkMessages.usableAddress(message),
                NetlinkMessages.namespaceId(message),
                LinkDescriptions.described(message),
                LinkDescriptions.addresses(message)))
        .hasSize(7);
  }

  @Property
  void anyBytesAreReadOrLeftOut(@ForAll @Size(max = 200) byte[] bytes) {
    TYPES.forEach(type -> parse(type, bytes));
  }

  @Property
  void attributesOfAnyTypeAndLengthAreReadOrLeftOut(@ForAll Random random) {
    ByteBuffer body = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    body.put(List.of((byte) 0, (byte) 2, (byte) 10).get(random.nextInt(3)));
    body.position(List.of(4, 8, 16).get(random.nextInt(3)));
    for (int i = random.nextInt(8); i > 0; i--) {
      int length = random.nextInt(24);
      body.putShort((short) (4 + length + (random.nextInt(20) == 0 ? random.nextInt(70_000) : 0)));
      body.putShort((short) random.nextInt(random.nextBoolean() ? 20 : 40));
      byte[] value = new byte[length];
      random.nextBytes(value);
      body.put(value);
      body.position(NetlinkMessages.align(body.position()));
    }
    byte[] bytes = new byte[body.position() - random.nextInt(4)];
    body.get(0, bytes);
    TYPES.forEach(type -> parse(type, bytes));
  }

  /** What random attributes hit now and then: an address that is none by its length. */
  @Example
  void anAddressOfAnotherLengthIsLeftOut() {
    ByteBuffer body = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    body.put(0, (byte) 2).position(8);
    body.putShort((short) 7).putShort((short) 2).put(new byte[] {10, 0, 0});
    RouteSocket.Message message =
        new RouteSocket.Message(NetlinkMessages.RTM_NEWADDR, body.rewind());

    assertThat(NetlinkMessages.usableAddress(message)).isEmpty();
    assertThat(NetlinkMessages.address(message).orElseThrow().addresses()).isEmpty();
  }
}
