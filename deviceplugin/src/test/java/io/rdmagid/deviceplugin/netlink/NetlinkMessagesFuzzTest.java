package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.BoundedTries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever stands in a message, it is read or left out. Only the kernel is listened to, but each
 * kernel is another.
 */
@BoundedTries(mebibytes = 64)
class NetlinkMessagesFuzzTest {
  private static final byte AF_INET6 = 10;
  private static final List<Short> TYPES =
      List.of(
          NetlinkMessages.RTM_NEWLINK,
          NetlinkMessages.RTM_NEWADDR,
          NetlinkMessages.RTM_DELLINK,
          NetlinkMessages.RTM_DELADDR,
          NetlinkMessages.RTM_NEWNSID,
          RdmaMessages.SYS_GET,
          RdmaMessages.MONITOR,
          (short) 2);

  private static void parse(short type, byte[] bytes) {
    Message message = MessageBytes.message(type, bytes);
    assertThat(
            List.of(
                NetlinkMessages.link(message),
                NetlinkMessages.address(message),
                NetlinkMessages.changed(message),
                NetlinkMessages.namespaceId(message),
                RdmaMessages.system(message),
                RdmaMessages.event(message),
                LinkDescriptions.described(message),
                LinkDescriptions.addresses(message)))
        .hasSize(8);
  }

  @Property
  void anyBytesAreReadOrLeftOut(@ForAll @Size(max = 200) byte[] bytes) {
    TYPES.forEach(type -> parse(type, bytes));
  }

  @Property
  void attributesOfAnyTypeAndLengthAreReadOrLeftOut(@ForAll Random random) {
    ByteBuffer body = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    body.put(List.of((byte) 0, (byte) 2, (byte) 10).get(random.nextInt(3)));
    body.position(List.of(0, 4, 8, 16).get(random.nextInt(4)));
    for (int i = random.nextInt(8); i > 0; i--) {
      int length = random.nextInt(24);
      body.putShort((short) (4 + length + (random.nextInt(20) == 0 ? random.nextInt(70_000) : 0)));
      body.putShort((short) random.nextInt(random.nextBoolean() ? 20 : 110));
      byte[] value = new byte[length];
      random.nextBytes(value);
      body.put(value);
      body.position(NetlinkSocket.align(body.position()));
    }
    byte[] bytes = new byte[Math.max(0, body.position() - random.nextInt(4))];
    body.get(0, bytes);
    TYPES.forEach(type -> parse(type, bytes));
  }

  @Property
  void aDatagramOfAnyBytesHasAnEnd(@ForAll @Size(max = 200) byte[] bytes) {
    assertThat(read(bytes)).isLessThanOrEqualTo(bytes.length);
  }

  /** Messages as the kernel sends them up to one whose length may be any. */
  @Property
  void aLengthThatIsWrongEndsADatagramAndIsTold(
      @ForAll @Size(max = 8) List<@IntRange(max = 40) Integer> bodies, @ForAll int wrong) {
    ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    for (int body : bodies) {
      bytes.putInt(bytes.position(), Datagram.HEADER + body);
      bytes.position(NetlinkSocket.align(bytes.position() + Datagram.HEADER + body));
    }
    bytes.putInt(bytes.position(), wrong);
    bytes.limit(bytes.position() + Datagram.HEADER).position(0);
    List<Integer> lengths = new ArrayList<>();
    boolean whole = new Datagram(bytes).forEach(message -> lengths.add(message.body().limit()));

    assertThat(whole).isEqualTo(wrong == Datagram.HEADER);
    assertThat(lengths.subList(0, bodies.size())).isEqualTo(bodies);
    assertThat(lengths).hasSize(bodies.size() + (whole ? 1 : 0));
  }

  /** How many bytes the messages of a datagram have, with their headers. */
  private static int read(byte[] bytes) {
    AtomicInteger total = new AtomicInteger();
    Consumer<Message> count =
        message -> total.addAndGet(Datagram.HEADER + message.body().remaining());
    boolean whole =
        new Datagram(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder())).forEach(count);
    int taken = total.getAndSet(0);
    Datagram again = new Datagram(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    try {
      while (again.hasNext()) {
        count.accept(again.next().message());
      }
      assertThat(whole).isTrue();
    } catch (NetlinkException e) {
      assertThat(whole).isFalse();
      assertThat(e).hasMessageContaining("bytes");
    }
    assertThat(total).hasValue(taken);
    return taken;
  }

  /** Headers that are right, so that the attributes are read. */
  @Property
  void whateverTheAttributesHoldALinkIsALink(@ForAll @Size(max = 120) byte[] attributes) {
    byte[] link = new byte[NetlinkMessages.IFINFOMSG + attributes.length];
    System.arraycopy(attributes, 0, link, NetlinkMessages.IFINFOMSG, attributes.length);
    byte[] address = new byte[NetlinkMessages.IFADDRMSG + attributes.length];
    address[0] = AF_INET6;
    System.arraycopy(attributes, 0, address, NetlinkMessages.IFADDRMSG, attributes.length);
    Message linkMessage = MessageBytes.message(NetlinkMessages.RTM_NEWLINK, link);
    Message addressMessage = MessageBytes.message(NetlinkMessages.RTM_NEWADDR, address);

    assertThat(NetlinkMessages.link(linkMessage)).isPresent();
    assertThat(LinkDescriptions.described(linkMessage)).isPresent();
    assertThat(NetlinkMessages.address(addressMessage)).isPresent();
    assertThat(LinkDescriptions.addresses(addressMessage)).isPresent();
    assertThat(RdmaMessages.system(MessageBytes.message(RdmaMessages.SYS_GET, attributes)))
        .isPresent();
    assertThat(RdmaMessages.event(MessageBytes.message(RdmaMessages.MONITOR, attributes)))
        .isPresent();
  }
}
