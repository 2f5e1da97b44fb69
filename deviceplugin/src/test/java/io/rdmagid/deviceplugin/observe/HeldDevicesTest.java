package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldDevicesTest extends OnHeldDevices {
  @Test
  void aListThatIsRefusedIsToldOnceUntilItIsAnotherOrPast() {
    for (Errno errno : List.of(Errno.ENOMEM, Errno.ENOMEM, Errno.EACCES)) {
      verbs.refuse("list", errno);
      look();
    }
    assertThat(refusals).hasSize(2);

    verbs.allow("list");
    look();
    verbs.refuse("list", Errno.EACCES);
    look();
    assertThat(refusals).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open rxe0", "describe rxe0", "read rxe0"})
  void whatIsRefusedAtTheStartIsUnread(String call) {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    verbs.refuse(call, Errno.ENOMEM);
    look();
    assertKnown(List.of("rxe1"), Set.of("rxe0"));
    assertThat(refusals).as("the inventory says it").isEmpty();

    verbs.allow(call);
    look();
    assertKnown(List.of("rxe0", "rxe1"), Set.of());
  }

  @Test
  void aDeviceThatIsNotDescribedIsClosed() {
    verbs.plug("rxe0", "uverbs0");
    verbs.refuse("describe rxe0", Errno.ENOMEM);
    look();

    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
  }

  @Test
  void anOlderReadingStays() {
    verbs.plug("rxe0", "uverbs0");
    look();
    verbs.refuse("read rxe0", Errno.ENOMEM);
    devices.touchAll(Instant.EPOCH, now);
    read();

    assertKnown(List.of("rxe0"), Set.of());
  }

  @Test
  void howTablesAreReadIsKnownAndCounted() {
    verbs.plug("rxe0", "uverbs0");
    look();
    verbs.readBy(ReadBy.SYSFS);
    devices.touchAll(Instant.EPOCH, now);
    read();

    assertThat(devices.inventory().devices())
        .extracting(Device::readBy)
        .containsExactly(ReadBy.SYSFS);
    assertThat(readings("ioctl")).isEqualTo(1);
    assertThat(readings("sysfs")).isEqualTo(1);
  }

  private double readings(String method) {
    return registry
        .get("rdmagid.table.reads")
        .tags("device", "rxe0", "method", method)
        .counter()
        .count();
  }

  @Test
  void aDeviceThatHadToBeClosedIsUnreadUntilItIsGone() {
    verbs.plug("rxe0", "uverbs0");
    look();
    verbs.refuse("read rxe0", Errno.EIO);
    devices.touchAll(Instant.EPOCH, now);
    read();
    assertKnown(List.of(), Set.of("rxe0"));
    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
    assertThat(devices.wantsLook()).as("it may be there again").isTrue();

    verbs.refuse("open rxe0", Errno.EIO);
    look();
    assertKnown(List.of(), Set.of("rxe0"));

    verbs.unplug("rxe0");
    look();
    assertKnown(List.of(), Set.of());
  }

  @Test
  void aDeviceThatTheKernelRemovesIsClosed() {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    look();
    verbs.events("rxe1", OpenDevice.Events.REMOVED);
    verbs.events("rxe0", OpenDevice.Events.CHANGED);

    assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isTrue();

    assertKnown(List.of("rxe0"), Set.of("rxe1"));
    verbs.unplug("rxe1");
    assertThat(look()).isTrue();
    assertKnown(List.of("rxe0"), Set.of());
  }

  /** The list is the same as before, while the kernel removes it or once it is there again. */
  @Test
  void aRemovalAsksForFurtherLooks() {
    verbs.plug("rxe0", "uverbs0");
    look();
    assertThat(look()).isFalse();
    verbs.events("rxe0", OpenDevice.Events.REMOVED);
    assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isTrue();

    assertThat(look()).isTrue();
    assertThat(look()).isFalse();
  }

  /** The kernel's queue has no bound, so no reading that has to wait may keep it waiting. */
  @Test
  void eventsAreTakenWhileTheReadingHasToWait() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isNotNull();
    verbs.takeCalls();
    for (int i = 0; i < 3; i++) {
      verbs.events("rxe0", OpenDevice.Events.CHANGED);
      assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isFalse();
      assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isNull();
    }

    assertThat(verbs.takeCalls()).containsExactly("drain rxe0", "drain rxe0", "drain rxe0");
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(ReadWindow.FIRST.toNanos());
  }

  @Test
  void theWindowCountsFromTheEndOfAReading() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    long second = Duration.ofSeconds(1).toNanos();
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now += second)).isNotNull();

    devices.touchAll(Instant.EPOCH, now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(ReadWindow.FIRST.toNanos());
  }

  @Test
  void aDeviceWithoutAProviderIsToldWithWhatItIs() {
    verbs.plug("mlx5_0", "uverbs0");
    verbs.withoutProvider("mlx5_0");
    look();

    assertThat(devices.inventory().unreadDevices())
        .containsExactly(
            new UnreadDevice(
                "mlx5_0",
                UnreadDevice.Cause.NO_PROVIDER,
                "list: ENODEV (19): no such device; install it",
                new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                List.of(1)));
  }

  @Test
  void whatCannotBeReadSaysWhy() {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    verbs.plug("rxe2", "uverbs2");
    verbs.refuse("open rxe0", Errno.EACCES);
    verbs.refuse("read rxe1", Errno.ENOMEM);
    missingNodes.add("uverbs2");
    look();

    assertThat(devices.inventory().unreadDevices())
        .extracting(UnreadDevice::describe)
        .satisfiesExactly(
            why -> assertThat(why).startsWith("rxe0: open: EACCES (13)"),
            why -> assertThat(why).startsWith("rxe1: read: ENOMEM (12)"),
            why -> assertThat(why).isEqualTo("rxe2: no device node uverbs2"));
  }

  @Test
  void aDeviceComesBackAndDoesNotOpen() {
    verbs.plug("rxe0", "uverbs0");
    look();
    verbs.unplug("rxe0");
    missingNodes.add("uverbs0");
    look();
    assertKnown(List.of(), Set.of());

    verbs.plug("rxe0", "uverbs0");
    missingNodes.clear();
    verbs.refuse("open rxe0", Errno.EACCES);
    look();
    assertKnown(List.of(), Set.of("rxe0"));
  }

  @Test
  void aDeviceWithoutItsNodeIsClosedAtOnceAndGoneWhenItIsNoLongerListed() {
    verbs.plug("rxe0", "uverbs0");
    look();
    verbs.takeCalls();
    missingNodes.add("uverbs0");

    assertThat(look()).isTrue();
    assertThat(verbs.takeCalls()).containsExactly("close rxe0");
    assertKnown(List.of(), Set.of("rxe0"));

    verbs.unplug("rxe0");
    assertThat(look()).isTrue();
    assertKnown(List.of(), Set.of());
  }

  @Test
  void aRenamedDeviceIsOpenedUnderItsNewName() {
    verbs.plug("mlx5_0", "uverbs0");
    look();
    verbs.takeCalls();
    verbs.unplug("mlx5_0");
    verbs.plug("rocep1s0", "uverbs0");

    assertThat(look()).isTrue();

    assertThat(verbs.takeCalls()).containsExactly("close mlx5_0", "open rocep1s0");
    assertKnown(List.of("rocep1s0"), Set.of());
    assertThat(look()).isFalse();
  }

  @Test
  void devicesThatSwapTheirNodesAreOpenedAgain() {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    look();
    verbs.takeCalls();
    verbs.unplug("rxe0");
    verbs.unplug("rxe1");
    verbs.plug("rxe0", "uverbs1");
    verbs.plug("rxe1", "uverbs0");
    look();

    assertThat(verbs.takeCalls())
        .containsExactly("close rxe0", "close rxe1", "open rxe0", "open rxe1");
    assertThat(devices.inventory().devices())
        .extracting(Device::uverbs)
        .containsExactly("uverbs1", "uverbs0");
  }

  @Test
  void withoutAListEverythingStaysAsItWas() {
    verbs.plug("rxe0", "uverbs0");
    verbs.refuse("list", Errno.ENOMEM);
    look();
    assertThat(devices.areListed()).isFalse();

    verbs.allow("list");
    look();
    assertThat(devices.areListed()).isTrue();

    verbs.unplug("rxe0");
    verbs.refuse("list", Errno.ENOMEM);
    look();
    assertThat(devices.areListed()).isTrue();
    assertKnown(List.of("rxe0"), Set.of());
  }

  @Test
  void aHintIsReadAfterASecondAndOnlyWhereATableHasTheLink() {
    plugWithLink(7);

    devices.hint(new NetlinkHints.Hints(false, false, Set.of(8)), Instant.EPOCH, now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);

    devices.hint(new NetlinkHints.Hints(false, false, Set.of(7, 8)), Instant.EPOCH, now);
    assertThat(Duration.ofNanos(devices.within(Long.MAX_VALUE, now)))
        .isEqualTo(Duration.ofSeconds(1));
    read();
    assertThat(readings("ioctl")).isEqualTo(2);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theDevicesEventAfterAHintIsReadAtOnceAndOnce() {
    plugWithLink(7);
    devices.hint(new NetlinkHints.Hints(false, false, Set.of(7)), Instant.EPOCH, now);
    verbs.events("rxe0", OpenDevice.Events.CHANGED);
    Instant event = Instant.EPOCH.plusSeconds(3);

    assertThat(devices.drain(devices.eventDescriptors(), event, now)).isFalse();

    assertThat(devices.within(Long.MAX_VALUE, now)).isZero();
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isEqualTo(event);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHintDoesNotHoldUpAnEvent() {
    plugWithLink(7);
    devices.touchAll(Instant.EPOCH, now);
    devices.hint(new NetlinkHints.Hints(false, true, Set.of()), Instant.EPOCH, now);

    assertThat(devices.within(Long.MAX_VALUE, now)).isZero();
  }

  @Test
  void whereHintsWereLostAllAreRead() {
    plugWithLink(7);

    devices.hint(new NetlinkHints.Hints(true, true, Set.of()), Instant.EPOCH, now);
    read();

    assertThat(readings("ioctl")).isEqualTo(2);
  }

  /** A device whose table, once read, has an entry of the link with this ifindex. */
  private void plugWithLink(int ifindex) {
    verbs.entries(new PortEntry(1, 0, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, ifindex, ""));
    verbs.plug("rxe0", "uverbs0");
    look();
    now += Duration.ofMinutes(1).toNanos(); // the window is closed
  }
}
