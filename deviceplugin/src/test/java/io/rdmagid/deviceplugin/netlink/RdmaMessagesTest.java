package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types and attributes are those of rdma/rdma_netlink.h of Linux 6.12. */
class RdmaMessagesTest {
  private static final int SYS_GET = 0x1406;
  private static final int MONITOR = 0x141c;
  private static final int NETNS_MODE = 66;
  private static final int EVENT_TYPE = 102;
  private static final int MONITOR_MODE = 103;

  @ParameterizedTest
  @CsvSource({"1, SHARED", "0, EXCLUSIVE", "2, UNKNOWN"})
  void theKernelSaysHowDevicesBelongToNamespaces(byte code, RdmaNamespaceMode mode) {
    assertThat(
            RdmaMessages.system(
                MessageBytes.of()
                    .octet(NETNS_MODE, code)
                    .octet(99, 0)
                    .octet(MONITOR_MODE, 1)
                    .message(SYS_GET)))
        .contains(new RdmaSystem.Known(mode, true));
  }

  @Test
  void beforeLinux612ItTellsOfNoDevices() {
    assertThat(RdmaMessages.system(MessageBytes.of().octet(NETNS_MODE, 1).message(SYS_GET)))
        .contains(new RdmaSystem.Known(RdmaNamespaceMode.SHARED, false));
  }

  @Test
  void anAnswerWithoutAModeLeavesItUnknown() {
    assertThat(RdmaMessages.system(MessageBytes.of().message(SYS_GET)))
        .contains(new RdmaSystem.Known(RdmaNamespaceMode.UNKNOWN, false));
    assertThat(RdmaMessages.system(MessageBytes.of().number(NETNS_MODE, 1).message(SYS_GET)))
        .as("a mode of four bytes")
        .contains(new RdmaSystem.Known(RdmaNamespaceMode.UNKNOWN, false));
    assertThat(RdmaMessages.system(MessageBytes.of().octet(NETNS_MODE, 1).message(MONITOR)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, DEVICES, registered",
    "1, DEVICES, unregistered",
    "2, NETDEVS, netdev attached",
    "3, NETDEVS, netdev detached",
    "4, DEVICES, renamed",
    "5, NETDEVS, netdev renamed",
    "200, DEVICES, of a later kernel"
  })
  void anEventAsksToLook(int type, RdmaEvents.Event event, String what) {
    assertThat(
            RdmaMessages.event(
                MessageBytes.of()
                    .number(1, 0)
                    .text(2, "rxe0")
                    .octet(EVENT_TYPE, type)
                    .message(MONITOR)))
        .as(what)
        .contains(event);
  }

  @Test
  void anAnswerIsNoEvent() {
    assertThat(RdmaMessages.event(MessageBytes.of().message(SYS_GET))).isEmpty();
    assertThat(RdmaMessages.event(MessageBytes.of().message(MONITOR)))
        .contains(RdmaEvents.Event.DEVICES);
  }
}
