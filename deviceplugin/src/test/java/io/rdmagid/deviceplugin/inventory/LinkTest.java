package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static final Gid ADDRESS = Gid.parse("::ffff:10.0.0.5");
  private static final Gid DEFAULT = Gid.parse("fe80::5054:ff:fe00:12");

  @Test
  void holdsItsAddresses() {
    Link link = new Link(2, "eth0", 0, Set.of(ADDRESS));

    assertThat(link.holds(ADDRESS)).isTrue();
    assertThat(link.holds(Gid.parse("::ffff:10.0.0.6"))).isFalse();
  }

  @Test
  void holdsTheDefaultGidOfItsHardwareAddress() {
    assertThat(new Link(2, "eth0", 0x5254_0000_0012L, Set.of()).holds(DEFAULT)).isTrue();
    assertThat(new Link(2, "eth0", 0x5254_0000_0013L, Set.of()).holds(DEFAULT)).isFalse();
    assertThat(
            new Link(2, "eth0", 0x0e42_a165_1f2aL, Set.of())
                .holds(Gid.parse("fe80::c42:a1ff:fe65:1f2a")))
        .isTrue();
  }

  @Test
  void withoutAHardwareAddressThereIsNoDefaultGid() {
    Link link = new Link(1, "lo", 0, Set.of());

    assertThat(link.holds(Gid.parse("fe80::200:ff:fe00:0"))).isFalse();
  }
}
