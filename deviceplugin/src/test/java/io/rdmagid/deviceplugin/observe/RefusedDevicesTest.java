package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      var _ = devices.readDue(Map::of, () -> now);
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

  private void tryWhenDue() {
    now += devices.within(Long.MAX_VALUE, now);
    var _ = devices.readDue(Map::of, () -> now);
  }

  private void refuseReading(Errno errno) {
    verbs.refuse("read rxe0", errno);
    devices.touchAll(Instant.EPOCH, now);
    read();
  }
}
