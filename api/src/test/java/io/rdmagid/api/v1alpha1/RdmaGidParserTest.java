package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.Parsed.Problem;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RdmaGidParserTest {
  private static final GidEntry V4 =
      new GidEntry(3, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 4, "eth0");

  @Test
  void anObjectWithoutStatusIsValid() {
    RdmaGid object = new RdmaGid();
    object.setSpec(new RdmaGidSpec("node-a", "mlx5_0", 1));

    assertThat(RdmaGidParser.parse(object))
        .isEqualTo(new Parsed.Valid("node-a", "mlx5_0", 1, List.of(), null));
  }

  @Test
  void allProblemsAreNamed() {
    RdmaGid object = new RdmaGid();
    object.setSpec(new RdmaGidSpec(null, "", 256));
    object.setStatus(
        RdmaGidStatus.builder()
            .gids(
                List.of(
                    GidRow.of(V4),
                    new GidRow(3, "fe80::1", "RoCEv2", "eth0", 4, "fe80::1"),
                    new GidRow(-1, "10.0.0.5", "RoCEv3", "eth0", -4, null),
                    new GidRow(null, null, null, null, null, null),
                    new GidRow(7, "::", "IB", null, null, null)))
            .preferred(new PreferredGid(3, "x", "RoCEv2", null, null))
            .build());

    assertThat(((Parsed.Invalid) RdmaGidParser.parse(object)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "spec.nodeName is missing or of the wrong type",
            "spec.device is missing or of the wrong type",
            "spec.port is not 1 to 255: 256",
            "status.gids[1].index stands there twice: 3",
            "status.gids[2].index is negative: -1",
            "status.gids[2].ifindex is negative: -4",
            "status.gids[2].gid is no GID: '10.0.0.5'",
            "status.gids[2].type is no type that this version knows: 'RoCEv3'",
            "status.gids[3].index is missing or of the wrong type",
            "status.gids[3].gid is missing or of the wrong type",
            "status.gids[3].type is missing or of the wrong type",
            "status.gids[4].gid is zero, which is an empty slot",
            "status.preferred.gid is no GID: 'x'");
  }

  @Test
  void anEmptyObjectHasAProblem() {
    assertThat(RdmaGidParser.parse(new RdmaGid()))
        .isEqualTo(
            new Parsed.Invalid(List.of(new Problem("spec", "is missing or of the wrong type"))));
  }

  @Test
  void thePreferredEntryOfATruncatedObjectHasNoIfindex() {
    RdmaGid object = new RdmaGid();
    object.setSpec(new RdmaGidSpec("node-a", "mlx5_0", 1));
    object.setStatus(RdmaGidStatus.builder().preferred(PreferredGid.of(V4)).build());

    assertThat(((Parsed.Valid) RdmaGidParser.parse(object)).preferred())
        .isEqualTo(new GidEntry(3, V4.gid(), V4.type(), 0, "eth0"));
  }

  @Property(tries = 200)
  void entriesComeBackFromTheServerAsTheyWere(@ForAll("tables") List<GidEntry> entries) {
    RdmaGid object = new RdmaGid();
    object.setSpec(new RdmaGidSpec("node-a", "mlx5_0", 1));
    GidEntry preferred = entries.isEmpty() ? null : entries.getLast();
    object.setStatus(
        RdmaGidStatus.builder()
            .gids(entries.stream().map(GidRow::of).toList())
            .preferred(preferred == null ? null : PreferredGid.of(preferred))
            .build());

    RdmaGid read = Serialization.unmarshal(Serialization.asJson(object), RdmaGid.class);

    assertThat(RdmaGidParser.parse(read))
        .isEqualTo(new Parsed.Valid("node-a", "mlx5_0", 1, entries, preferred));
  }

  @Provide
  Arbitrary<List<GidEntry>> tables() {
    Arbitrary<GidEntry> entry =
        Combinators.combine(
                Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs()),
                Arbitraries.oneOf(Arbitraries.just(0xffff_0a00_0005L), Arbitraries.longs())
                    .filter(low -> low != 0),
                Arbitraries.of(GidType.class),
                Arbitraries.integers().greaterOrEqual(0),
                Arbitraries.strings().alpha().ofMaxLength(15))
            .as((high, low, type, ifindex, netdev) ->
                new GidEntry(0, new Gid(high, low), type, ifindex, netdev));
    return entry.list().ofMaxSize(20).map(RdmaGidParserTest::numbered);
  }

  private static List<GidEntry> numbered(List<GidEntry> entries) {
    List<GidEntry> numbered = new ArrayList<>();
    for (GidEntry entry : entries) {
      numbered.add(
          new GidEntry(
              numbered.size() * 2, entry.gid(), entry.type(), entry.ifindex(), entry.netdev()));
    }
    return numbered;
  }
}
