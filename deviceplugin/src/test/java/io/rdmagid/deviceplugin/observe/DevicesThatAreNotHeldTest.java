package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code --hold-devices=false}. */
class DevicesThatAreNotHeldTest {
  private final FakeVerbs verbs = new FakeVerbs();
  private final List<String> refusals = new ArrayList<>();
  private final HeldDevices devices =
      new HeldDevices(
          verbs, _ -> true, false, new ObserveMetrics(new SimpleMeterRegistry()), refusals::add);
  private long now;

  @Test
  void aDeviceIsOpenOnlyWhileItIsRead() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
    assertThat(devices.eventDescriptors()).isEmpty();
    assertThat(devices.inventory().devices()).extracting(Device::name).containsExactly("rxe0");
    passFurtherReadings();

    PortEntry entry = new PortEntry(1, 1, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 0, "");
    verbs.table("rxe0", entry);
    devices.touchAll(Instant.EPOCH, now);
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isEqualTo(Instant.EPOCH);

    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
    assertThat(devices.inventory().devices().getFirst().ports().getFirst().gids()).hasSize(1);
    assertThat(verbs.opened()).isEmpty();
  }

  /** A device is there, has been read, and nothing happens. */
  private void atRest() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
    passFurtherReadings();
  }

  private void passFurtherReadings() {
    for (int i = 0; i < HeldDevice.AFTER_A_HINT.size(); i++) {
      now += HeldDevice.AFTER_A_HINT.get(i).toNanos();
      assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isNotNull();
    }
    now += Duration.ofSeconds(2).toNanos();
    verbs.takeCalls();
  }

  /** A hint comes before the kernel changes the table, and nothing when it has. */
  @Test
  void aDeviceIsReadAgainAfterAHintAndThenNoMore() {
    atRest();
    devices.touchAll(Instant.EPOCH, now);
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isEqualTo(Instant.EPOCH);

    for (Duration later : HeldDevice.AFTER_A_HINT) {
      assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(later.toNanos());
      assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now + later.toNanos() - 1)).isNull();
      now += later.toNanos();
      assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isEqualTo(Instant.EPOCH);
    }

    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  /** Each wake-up asks netlink, those for further readings as well: else they would never end. */
  @Test
  void onlyLinksThatChangedAskForReadings() {
    atRest();

    devices.hint(new NetlinkHints.Hints(true, false, Set.of()), Instant.EPOCH, now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);

    devices.hint(new NetlinkHints.Hints(false, false, Set.of(7)), Instant.EPOCH, now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isZero();
  }

  /** Containers would lose the index that they have, and pods be evicted for it. */
  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"EINTR", "EAGAIN", "ENOMEM", "EBUSY", "ENFILE", "EMFILE", "ENOBUFS", "ETIMEDOUT"})
  void aDeviceThatDoesNotOpenForAMomentKeepsItsReadingAndIsTriedSoon(Errno errno) {
    atRest();
    verbs.refuse("open rxe0", errno);
    devices.touchAll(Instant.EPOCH, now);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isEqualTo(Instant.EPOCH);
      assertThat(devices.inventory().devices()).extracting(Device::name).containsExactly("rxe0");
      assertThat(devices.inventory().unread()).isEmpty();
      long wait = devices.within(Long.MAX_VALUE, now);
      waits.add(Duration.ofNanos(wait).toMillis());
      now += wait;
    }
    assertThat(waits).startsWith(100L, 1_000L, 400L, 800L).endsWith(51_200L, 60_000L, 60_000L);
    assertThat(devices.wantsLook()).isFalse();
    assertThat(refusals).singleElement().asString().startsWith("rxe0: open: " + errno);

    verbs.allow("open rxe0");
    assertThat(devices.readDue(OnHeldDevices::noLinks, () -> now)).isNotNull();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aDeviceThatNoLongerOpensIsUnread() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
    verbs.refuse("open rxe0", Errno.EACCES);
    now += Duration.ofSeconds(2).toNanos();
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);

    assertThat(devices.inventory().unread()).containsExactly("rxe0");
    assertThat(refusals).as("the inventory says it").isEmpty();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
    assertThat(devices.wantsLook()).isTrue();

    verbs.allow("open rxe0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
    assertThat(devices.inventory().unread()).isEmpty();
  }
}
