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
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code --hold-devices=false}. */
class DevicesThatAreNotHeldTest {
  private final FakeVerbs verbs = new FakeVerbs();
  private final HeldDevices devices =
      new HeldDevices(
          verbs,
          _ -> true,
          false,
          new ObserveMetrics(new SimpleMeterRegistry()),
          reason -> {
            throw new AssertionError(reason);
          });
  private long now;

  @Test
  void aDeviceIsOpenOnlyWhileItIsRead() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(Map::of, () -> now);
    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
    assertThat(devices.eventDescriptors()).isEmpty();
    assertThat(devices.inventory().devices()).extracting(Device::name).containsExactly("rxe0");
    passFurtherReadings();

    PortEntry entry = new PortEntry(1, 1, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 0, "");
    verbs.table("rxe0", entry);
    devices.touchAll(Instant.EPOCH, now);
    assertThat(devices.readDue(Map::of, () -> now)).isEqualTo(Instant.EPOCH);

    assertThat(verbs.takeCalls()).containsExactly("open rxe0", "close rxe0");
    assertThat(devices.inventory().devices().getFirst().ports().getFirst().gids()).hasSize(1);
    assertThat(verbs.opened()).isEmpty();
  }

  /** A device is there, has been read, and nothing happens. */
  private void atRest() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(Map::of, () -> now);
    passFurtherReadings();
  }

  private void passFurtherReadings() {
    for (int i = 0; i < HeldDevice.AFTER_A_HINT.size(); i++) {
      now += HeldDevice.AFTER_A_HINT.get(i).toNanos();
      assertThat(devices.readDue(Map::of, () -> now)).isNotNull();
    }
    now += Duration.ofSeconds(2).toNanos();
    verbs.takeCalls();
  }

  /** A hint comes before the kernel changes the table, and nothing when it has. */
  @Test
  void aDeviceIsReadAgainAfterAHintAndThenNoMore() {
    atRest();
    devices.touchAll(Instant.EPOCH, now);
    assertThat(devices.readDue(Map::of, () -> now)).isEqualTo(Instant.EPOCH);

    for (Duration later : HeldDevice.AFTER_A_HINT) {
      assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(later.toNanos());
      assertThat(devices.readDue(Map::of, () -> now + later.toNanos() - 1)).isNull();
      now += later.toNanos();
      assertThat(devices.readDue(Map::of, () -> now)).isEqualTo(Instant.EPOCH);
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

  @Test
  void aDeviceThatNoLongerOpensIsUnread() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(Map::of, () -> now);
    verbs.refuse("open rxe0", Errno.EACCES);
    now += Duration.ofSeconds(2).toNanos();
    var _ = devices.readDue(Map::of, () -> now);

    assertThat(devices.inventory().unread()).containsExactly("rxe0");
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);

    verbs.allow("open rxe0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(Map::of, () -> now);
    assertThat(devices.inventory().unread()).isEmpty();
  }
}
