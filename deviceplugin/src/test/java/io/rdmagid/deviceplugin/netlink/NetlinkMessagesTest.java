package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetlinkMessagesTest {
  private static final int AF_BRIDGE = 7;
  private static final int AF_INET = 2;

  @Test
  void aLinkIsReadWithWhatItIsStackedOn() {
    Message message =
        MessageBytes.link(0, 7)
            .text(3, "net1")
            .attribute(1, (byte) 0x0c, (byte) 0x42, (byte) 0xa1, (byte) 0x65, (byte) 0x1f, (byte) 1)
            .number(5, 3)
            .number(37, 0)
            .number(10, 8)
            .message(NetlinkMessages.RTM_NEWLINK);

    assertThat(NetlinkMessages.link(message))
        .contains(
            new NetlinkMessages.LinkMessage(7, "net1", 0x0c42a1651f01L, 3, OptionalInt.of(0), 8));
    assertThat(NetlinkMessages.address(message)).isEmpty();
  }

  @Test
  void whatABridgeSaysOfItsPortIsNoLink() {
    MessageBytes port = MessageBytes.link(AF_BRIDGE, 7).text(3, "net1");

    assertThat(NetlinkMessages.link(port.message(NetlinkMessages.RTM_NEWLINK))).isEmpty();
    assertThat(NetlinkMessages.changed(port.message(NetlinkMessages.RTM_DELLINK))).isEmpty();
  }

  /**
   * The flags of the header, of IFA_FLAGS where that is there, and whether a program can use it, or
   * will be able to.
   */
  @ParameterizedTest
  @CsvSource({
    "10, 0x80, , usable, permanent",
    "10, 0x40, , tentative, nobody knows yet whether another has it",
    "10, 0x48, , not, another has it",
    "10, 0x44, , tentative, optimistic is tentative as well",
    "10, 0x20, , not, deprecated",
    "10, 0x01, , not, temporary",
    "10, 0x80, 0x100, usable, managed by the kernel",
    "10, 0x00, 0x40, tentative, by IFA_FLAGS",
    "10, 0x60, , not, tentative and deprecated at once",
    "10, 0x40, 0x80, usable, IFA_FLAGS go before the header's",
    "2, 0x01, , usable, the same bit says that an IPv4 address is secondary",
    "2, 0x20, , not, deprecated",
  })
  void onlyAnAddressThatAProgramCanUseNowIsUsable(
      int family, String header, @Nullable String flags, String can, String why) {
    Gid gid = gid(family == AF_INET ? "10.0.0.5" : "fd00::5");
    MessageBytes body =
        MessageBytes.address(family, Integer.decode(header), 4).attribute(1, bytes(family));
    if (flags != null) {
      body.number(8, Integer.decode(flags));
    }

    assertThat(NetlinkMessages.address(body.message(NetlinkMessages.RTM_NEWADDR)))
        .as(why)
        .contains(
            new NetlinkMessages.AddressMessage(
                4,
                Set.of(gid),
                can.equals("usable") ? Optional.of(gid) : Optional.empty(),
                can.equals("tentative") ? Optional.of(gid) : Optional.empty()));
  }

  @Test
  void ofAPointToPointAddressTheOwnEndIsUsable() {
    Message message =
        MessageBytes.address(AF_INET, 0x80, 4)
            .attribute(1, (byte) 10, (byte) 0, (byte) 0, (byte) 7)
            .attribute(2, (byte) 10, (byte) 0, (byte) 0, (byte) 6)
            .message(NetlinkMessages.RTM_NEWADDR);

    assertThat(NetlinkMessages.address(message))
        .contains(
            new NetlinkMessages.AddressMessage(
                4,
                Set.of(gid("10.0.0.6"), gid("10.0.0.7")),
                Optional.of(gid("10.0.0.6")),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"16, 0", "17, 0", "20, 2", "21, 10"})
  void anEventNamesItsLink(int type, int family) {
    assertThat(NetlinkMessages.changed(MessageBytes.link(family, 9).message(type))).hasValue(9);
  }

  @Test
  void othersNameNone() {
    assertThat(NetlinkMessages.changed(MessageBytes.link(0, 9).message(24))).isEmpty();
    assertThat(NetlinkMessages.changed(MessageBytes.of(0, 0).message(16))).isEmpty();
    assertThat(NetlinkMessages.changed(MessageBytes.address(28, 0, 9).message(20))).isEmpty();
  }

  @Test
  void anAddressOfAnotherLengthIsLeftOut() {
    Message message =
        MessageBytes.address(AF_INET, 0x80, 4)
            .attribute(2, (byte) 10, (byte) 0, (byte) 0)
            .message(NetlinkMessages.RTM_NEWADDR);

    assertThat(NetlinkMessages.address(message))
        .contains(
            new NetlinkMessages.AddressMessage(4, Set.of(), Optional.empty(), Optional.empty()));
  }

  private static byte[] bytes(int family) {
    return InetAddress.ofLiteral(family == AF_INET ? "10.0.0.5" : "fd00::5").getAddress();
  }

  private static Gid gid(String address) {
    return Gid.of(InetAddress.ofLiteral(address));
  }
}
