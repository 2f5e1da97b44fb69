package io.rdmagid.deviceplugin.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.AllocationRecord;
import io.rdmagid.deviceplugin.workload.Claim;
import io.rdmagid.deviceplugin.workload.Frozen;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PoolTerms;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFilesTest {
  private static final AllocationId ID = new AllocationId("rail", List.of("a:1::0", "b:1::0"));
  private static final AllocationRecord FREE =
      new AllocationRecord(
          ID, List.of(new HeldPort("a", 1), new HeldPort("b", 1)), "boot", Optional.empty());
  private static final AllocationRecord CLAIMED =
      new AllocationRecord(
          ID,
          FREE.ports(),
          "boot",
          Optional.of(
              new Claim(
                  new Sandbox(
                      "s1", "uid", "ns", "pod", Optional.of(Path.of("/run/netns/x")), "kata"),
                  "c1",
                  "main",
                  List.of(ID.hash()),
                  new PoolTerms(
                      new EffectiveRule(
                          new GidRule(
                              GidType.ROCE_V2,
                              IpFamily.IPV6,
                              List.of(IpSubnet.parse("fd00::/64")),
                              true),
                          GidScope.POD,
                          true,
                          3,
                          2),
                      new LibrarySetup(Set.of("ucx", "nccl"), OptionalInt.of(104), Set.of("ucx"))),
                  7,
                  true,
                  new Frozen(
                      new TreeMap<>(Map.of("RDMAGID_RAIL_0_GID_INDEX", "2")),
                      List.of("NCCL_IB_GID_INDEX")),
                  true)));

  @TempDir Path temporary;
  private RecordFiles store;

  @BeforeEach
  void start() {
    store = new RecordFiles(temporary.resolve("records"));
  }

  @Test
  void aRecordIsReadAsItWasWritten() {
    store.write(FREE);
    assertThat(store.load()).containsExactly(FREE);
    store.write(CLAIMED);
    assertThat(store.load()).containsExactly(CLAIMED);
  }

  @Test
  void aRecordThatMakesNoSenseIsLeftOutAndTheOthersStay() throws IOException {
    store.write(CLAIMED);
    Path folder = temporary.resolve("records");
    Files.writeString(folder.resolve("cut.json"), "{\"version\": 1, \"pool");
    Files.writeString(folder.resolve("future.json"), "{\"version\": 2}");
    Files.writeString(folder.resolve("half.json"), "{\"version\": 1, \"pool\": \"x\"}");
    // By its first bytes it would be UTF-32, in which there is no such character.
    Files.write(folder.resolve("binary.json"), new byte[] {0, 0, 0, 'x', -1, -1, -1, -1});
    assertThat(store.load()).containsExactly(CLAIMED);
  }

  /** The disk may give it later: another agent tries again. */
  @Test
  void aRecordThatTheDiskDoesNotGiveIsNotLeftOut() throws IOException {
    store.write(CLAIMED);
    // A file that is a folder stands for a disk that refuses.
    Files.createDirectory(temporary.resolve("records").resolve("x.json"));
    assertThatThrownBy(store::load).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void whatAKilledAgentLeftHalfWrittenDoesNotCount() throws IOException {
    Files.writeString(temporary.resolve("records").resolve("x.json.next"), "{");
    assertThat(store.load()).isEmpty();
  }

  @Test
  void aRemovedRecordIsGone() {
    store.write(CLAIMED);
    store.remove(ID);
    store.remove(ID);
    assertThat(store.load()).isEmpty();
  }
}
