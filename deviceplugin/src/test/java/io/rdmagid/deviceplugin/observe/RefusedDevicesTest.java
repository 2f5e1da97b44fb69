package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Devices that are open, and refuse to be read. */
class RefusedDevicesTest extends OnHeldDevices {
  @Test
  void aRefusalThatAnEarlierReadingHidesIsToldOnceUntilItIsAnotherOrPast() {
    verbs.plug("rxe0", "uverbs0");
    look();
    refuseReading(Errno.EACCES);
    refuseReading(Errno.EACCES);
    assertThat(refusals)
        .singleElement()
        .asString()
        .startsWith("rxe0: read: EACCES")
        .contains("run as root");

    refuseReading(Errno.ENOMEM);
    assertThat(refusals).hasSize(2);

    verbs.allow("read rxe0");
    read();
    refuseReading(Errno.ENOMEM);
    assertThat(refusals).hasSize(3);
  }

  @Test
  void aReadingThatIsRefusedIsTriedEverMoreRarelyUntilAnEventComes() {
    verbs.plug("rxe0", "uverbs0");
    look();
    refuseReading(Errno.ENOMEM);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      long wait = devices.within(Long.MAX_VALUE, now);
      waits.add(Duration.ofNanos(wait).toMillis());
      now += wait;
      var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
    }
    assertThat(waits).startsWith(100L, 200L, 400L).endsWith(51_200L, 60_000L, 60_000L);

    verbs.events("rxe0", OpenDevice.Events.CHANGED);
    assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isFalse();
    assertThat(Duration.ofNanos(devices.within(Long.MAX_VALUE, now)))
        .isLessThanOrEqualTo(ReadWindow.LONGEST);
    verbs.allow("read rxe0");
    read();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  /** A hint that came while a retry waited was lost, and the retry is up to a minute away. */
  @Test
  void aHintBringsTheNextTryForwardAndAnEventBeginsAnew() {
    verbs.plug("rxe0", "uverbs0");
    look();
    refuseReading(Errno.ENOMEM);
    for (int i = 0; i < 12; i++) {
      tryWhenDue();
    }
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(LookAgain.LONGEST.toNanos());

    devices.hint(new NetlinkHints.Hints(false, true, Set.of()), Instant.EPOCH, now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(ReadWindow.LONGEST.toNanos());
    tryWhenDue();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(LookAgain.LONGEST.toNanos());

    verbs.events("rxe0", OpenDevice.Events.CHANGED);
    assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isFalse();
    tryWhenDue();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(LookAgain.FIRST.toNanos());
  }

  /** Addresses that change without a pause disturb each dump of links. */
  @Test
  void withoutLinksADeviceIsReadAgainLaterAndItsOlderReadingStays() {
    verbs.plug("rxe0", "uverbs0");
    verbs.plug("rxe1", "uverbs1");
    look();
    for (int i = 0; i < 2; i++) {
      devices.touchAll(Instant.EPOCH, now);
      now += Duration.ofSeconds(2).toNanos();
      assertThat(devices.readDue(RefusedDevicesTest::disturbed, () -> now)).isNotNull();
      assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(LookAgain.FIRST.toNanos());
    }
    assertKnown(List.of("rxe0", "rxe1"), Set.of());
    assertThat(devices.wantsLook()).isFalse();
    assertThat(refusals)
        .containsExactly(
            "rxe0: netlink dump disturbed: EAGAIN (11): try again",
            "rxe1: netlink dump disturbed: EAGAIN (11): try again");

    now += LookAgain.FIRST.toNanos();
    var _ = devices.readDue(RefusedDevicesTest::disturbed, () -> now);
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(2 * LookAgain.FIRST.toNanos());
    read();
    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void withoutLinksAtTheStartADeviceIsUnreadAndTriedAgain() {
    verbs.plug("rxe0", "uverbs0");
    var _ = devices.look(Instant.EPOCH, now);
    var _ = devices.readDue(RefusedDevicesTest::disturbed, () -> now);
    assertKnown(List.of(), Set.of("rxe0"));
    assertThat(verbs.opened()).as("its events come").containsExactly("rxe0");

    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(LookAgain.FIRST.toNanos());
    read();
    assertKnown(List.of("rxe0"), Set.of());
  }

  private static HostLinks.Reading disturbed() {
    return new HostLinks.Reading.Refused("netlink dump disturbed", Errno.EAGAIN.code());
  }

  /** Else it would be opened and closed ten times a second for as long as it is so. */
  @Test
  void aDeviceThatOpensAndThenIsNoMoreIsLookedAtOnceAndThenEverMoreRarely() {
    verbs.plug("rxe0", "uverbs0");
    look();
    refuseReading(Errno.EIO);
    assertThat(devices.wantsLook()).isTrue();

    assertThat(look()).as("asks for further looks").isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(devices.wantsLook()).isFalse();
      assertThat(look()).isFalse();
      assertKnown(List.of(), Set.of("rxe0"));
    }

    verbs.allow("read rxe0");
    look();
    assertKnown(List.of("rxe0"), Set.of());
    refuseReading(Errno.EIO);
    assertThat(devices.wantsLook()).as("a removal of its own").isTrue();
  }

  private void tryWhenDue() {
    now += devices.within(Long.MAX_VALUE, now);
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
  }

  private void refuseReading(Errno errno) {
    verbs.refuse("read rxe0", errno);
    devices.touchAll(Instant.EPOCH, now);
    read();
  }
}
