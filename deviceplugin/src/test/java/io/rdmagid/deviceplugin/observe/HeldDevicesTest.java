package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldDevicesTest {
  private final FakeVerbs verbs = new FakeVerbs();
  private final Set<String> missingNodes = new HashSet<>();
  private final List<String> refusals = new ArrayList<>();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final HeldDevices devices =
      new HeldDevices(
          verbs, node -> !missingNodes.contains(node), new ObserveMetrics(registry), refusals::add);
  private long now;

  private boolean look() {
    boolean changed = devices.look(Instant.EPOCH, now);
    read();
    return changed;
  }

  private void read() {
    now += Duration.ofSeconds(2).toNanos(); // beyond any window
    var _ = devices.readDue(Map::of, now);
  }

  private void assertKnown(List<String> read, Set<String> unread) {
    Inventory inventory = devices.inventory();
    assertThat(inventory.devices()).extracting(Device::name).isEqualTo(read);
    assertThat(inventory.unread()).isEqualTo(unread);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open rxe0", "describe rxe0", "read rxe0"})
  void aRefusalIsToldOnceUntilItIsAnotherOrPast(String call) {
    verbs.plug("rxe0", "uverbs0");
    verbs.refuse(call, Errno.EACCES);
    look();
    look();
    assertThat(refusals)
        .singleElement()
        .asString()
        .startsWith("rxe0: " + call.split(" ", -1)[0] + ": EACCES")
        .contains("run as root");

    verbs.refuse(call, Errno.ENOMEM);
    look();
    assertThat(refusals).hasSize(2);

    verbs.allow(call);
    look();
    devices.touchAll(Instant.EPOCH, now);
    verbs.refuse("read rxe0", Errno.ENOMEM);
    read();
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
}
