package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A virtual function that is held follows what the netdev of its physical function is called: that
 * netdev is not in its table, and no event of its own tells.
 */
class PhysicalFunctionTest {
  private static final int IFINDEX = 7;

  private final FakeVerbs verbs = new FakeVerbs();
  private final List<String> refusals = new ArrayList<>();
  private final HeldDevices devices =
      new HeldDevices(
          verbs, _ -> true, true, new ObserveMetrics(new SimpleMeterRegistry()), refusals::add);
  private Map<Integer, Link> links = Map.of();
  private long now;

  @BeforeEach
  void plug() {
    netdevIs("ens1f0");
    verbs.plug("mlx5_1", "uverbs1");
    assertThat(devices.look(Instant.EPOCH, now)).isTrue();
    read();
  }

  /** Of the physical function; empty: it stands in another network namespace. */
  private void netdevIs(String name) {
    verbs.describe("mlx5_1", new DeviceAttributes("mlx5_core", "", "", "", "", "", name, 0, -1));
    links = name.isEmpty() ? Map.of() : Map.of(IFINDEX, new Link(IFINDEX, name, 0, Set.of()));
  }

  private void hint(int ifindex) {
    devices.hint(new NetlinkHints.Hints(false, false, Set.of(ifindex)), Instant.EPOCH, now);
  }

  private void read() {
    now += Duration.ofMinutes(1).toNanos(); // beyond any window
    var _ = devices.readDue(() -> new HostLinks.Reading.Read(links), () -> now);
  }

  private String pfName() {
    return devices.inventory().devices().getFirst().attributes().pfName();
  }

  @Test
  void aNetdevIsRenamedMovesAwayAndComesBack() {
    netdevIs("ens1f0np0");
    hint(IFINDEX);
    read();
    assertThat(pfName()).isEqualTo("ens1f0np0");

    netdevIs("");
    hint(IFINDEX);
    read();
    assertThat(pfName()).isEmpty();

    netdevIs("ens1f0np0");
    hint(IFINDEX + 1); // a link that comes may have any number
    read();
    assertThat(pfName()).isEqualTo("ens1f0np0");
  }

  @Test
  void anotherLinkAsksForNothing() {
    hint(IFINDEX + 1);

    assertThat(devices.within(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aReadingOfEverythingAsksWhatTheDeviceIsAndItsEventDoesNot() {
    netdevIs("ens1f0np0");
    verbs.events("mlx5_1", OpenDevice.Events.CHANGED);
    assertThat(devices.drain(devices.eventDescriptors(), Instant.EPOCH, now)).isFalse();
    read();
    assertThat(pfName()).isEqualTo("ens1f0");

    devices.touchAll(Instant.EPOCH, now);
    read();
    assertThat(pfName()).isEqualTo("ens1f0np0");
  }

  @Test
  void whereTheDeviceDoesNotSayItIsAskedAgain() {
    netdevIs("ens1f0np0");
    verbs.refuse("describe mlx5_1", Errno.ENOMEM);
    hint(IFINDEX);
    read();
    assertThat(pfName()).isEqualTo("ens1f0");
    assertThat(refusals).singleElement().asString().startsWith("mlx5_1: describe: ENOMEM");

    verbs.allow("describe mlx5_1");
    read();
    assertThat(pfName()).isEqualTo("ens1f0np0");
  }
}
