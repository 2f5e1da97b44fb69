package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.library.Elsewhere;
import io.rdmagid.library.Pick;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibraryFactsTest {
  private static final GidEntry LINK_LOCAL =
      new GidEntry(0, Gid.parse("fe80::1"), GidType.ROCE_V2, 2, "eth1");
  private static final GidEntry IPV6 =
      new GidEntry(1, Gid.parse("fd00::1"), GidType.ROCE_V2, 2, "eth1");

  private static Port port(String linkLayer, String state, GidEntry... entries) {
    return new Port(
        1,
        new PortAttributes(linkLayer, state, "", 4096, 100, 16, ""),
        "eth1",
        List.of(entries),
        List.of());
  }

  /** On a port with IPv6 only NCCL and NVSHMEM stay at the default GID. */
  @Test
  void picksAreThoseOfLibrariesThatNobodyTells() {
    Port port = port("Ethernet", "ACTIVE", LINK_LOCAL, IPV6);

    LibraryFacts facts = LibraryFacts.of("mlx5_0", port, Optional.of(IPV6));

    assertThat(facts.picks())
        .extracting(LibraryPick::library, LibraryPick::index, LibraryPick::agrees)
        .containsExactly(
            tuple("nccl", 0, false),
            tuple("ucx", 1, true),
            tuple("perftest", 1, true),
            tuple("nvshmem", 0, false),
            tuple("mooncake", 1, true));
    assertThat(facts.elsewhere()).isEmpty();
  }

  @Test
  void aPortThatIsDownIsTakenByNone() {
    Port port = port("Ethernet", "DOWN", LINK_LOCAL, IPV6);

    assertThat(LibraryFacts.of("mlx5_0", port, Optional.of(IPV6)).picks())
        .hasSize(5)
        .allSatisfy(pick -> {
          assertThat(pick.index()).isNull();
          assertThat(pick.agrees()).isFalse();
        });
  }

  /** There NCCL takes no number, and prefers the GID of a router. */
  @Test
  void whoeverTakesAnotherThoughToldIsNamed() {
    GidEntry first = new GidEntry(0, Gid.parse("fe80::1:2"), GidType.IB, 0, "");
    GidEntry flid = new GidEntry(1, Gid.parse("fec0:0:1::14:500:0:1"), GidType.IB, 0, "");

    Port port = port("InfiniBand", "ACTIVE", first, flid);

    assertThat(LibraryFacts.of("mlx5_0", port, Optional.of(first)).elsewhere())
        .containsExactly("nccl takes index 1");
  }

  @Test
  void whoeverTakesNoneThoughToldDoesNotTakeAnother() {
    assertThat(LibraryFacts.text(new Elsewhere("ucx", new Pick.None("no RoCE v2 GID"))))
        .isEqualTo("ucx takes none (no RoCE v2 GID)");
    assertThat(LibraryFacts.text(new Elsewhere("ucx", new Pick.Index(4, "told"))))
        .isEqualTo("ucx takes index 4");
  }
}
