package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Devices of a test's making that are held, and time that stands still between two readings. */
abstract class OnHeldDevices {
  final FakeVerbs verbs = new FakeVerbs();
  final Set<String> missingNodes = new HashSet<>();
  final List<String> refusals = new ArrayList<>();
  final MeterRegistry registry = new SimpleMeterRegistry();
  final HeldDevices devices =
      new HeldDevices(
          verbs,
          node -> !missingNodes.contains(node),
          true,
          new ObserveMetrics(registry),
          refusals::add);
  long now;

  /** Looks and reads; whether there was something new. */
  final boolean look() {
    boolean changed = devices.look(Instant.EPOCH, now);
    read();
    return changed;
  }

  static HostLinks.Reading noLinks() {
    return new HostLinks.Reading.Read(Map.of());
  }

  final void read() {
    now += Duration.ofSeconds(2).toNanos(); // beyond any window
    var _ = devices.readDue(OnHeldDevices::noLinks, () -> now);
  }

  final void assertKnown(List<String> read, Set<String> unread) {
    Inventory inventory = devices.inventory();
    assertThat(inventory.devices()).extracting(Device::name).isEqualTo(read);
    assertThat(inventory.unread()).isEqualTo(unread);
  }
}
