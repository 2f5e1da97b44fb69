package io.rdmagid.deviceplugin.npwg;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.pace.LaterByHand;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceInfoFilesTest {
  private static final String FUNCTION = "0000:18:02.5";
  private static final String FILE = "rdmagid.io-rail-0000:18:02.5-device.json";

  @TempDir private Path root;
  private Path folder;
  private final LaterByHand later = new LaterByHand();
  private DeviceInfoFiles files;

  @BeforeEach
  void paths() throws IOException {
    folder = root.resolve("k8s.cni.cncf.io/devinfo/dp");
    Path pciDevices = root.resolve("sys/bus/pci/devices");
    Path _ = Files.createDirectories(pciDevices.resolve(FUNCTION));
    Path _ =
        Files.createSymbolicLink(
            pciDevices.resolve(FUNCTION).resolve("physfn"), Path.of("../0000:18:00.0"));
    files = new DeviceInfoFiles(folder, pciDevices, later);
  }

  private static PoolOffer offer(String... ids) {
    return new PoolOffer(
        "rail",
        "rdmagid.io/rail",
        Stream.of(ids).map(id -> new OfferedDevice(id, "mlx5_7", 1, true, 0)).toList());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> there = Files.list(folder)) {
      return there.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aVirtualFunctionHasAFileWithItsRdmaDevice() throws IOException {
    files.offered(List.of(offer(FUNCTION)));

    assertThat(Files.readString(folder.resolve(FILE)))
        .isEqualToIgnoringWhitespace(
            """
            {"type": "pci", "version": "1.1.0",
             "pci": {"pci-address": "0000:18:02.5", "rdma-device": "mlx5_7",
                     "pf-pci-address": "0000:18:00.0"}}
            """);
  }

  @Test
  void aFunctionOfItsOwnNamesNoOther() throws IOException {
    files.offered(List.of(offer("0000:3b:00.0")));

    assertThat(Files.readString(folder.resolve("rdmagid.io-rail-0000:3b:00.0-device.json")))
        .contains("\"pci-address\" : \"0000:3b:00.0\"")
        .doesNotContain("pf-pci-address");
  }

  @Test
  void sharesOfAPortHaveNone() {
    files.offered(List.of(offer("mlx5_7:1::0", "mlx5_7:1::1")));

    assertThat(folder).doesNotExist();
  }

  @Test
  void whatIsOfferedNoMoreLosesItsFileAndThoseOfOthersStay() throws IOException {
    Path _ = Files.createDirectories(folder);
    Path others = folder.resolve("openshift.io-rail-0000:18:02.5-device.json");
    Path _ = Files.writeString(others, "{}");
    Path left = folder.resolve("rdmagid.io-gone-0000:5e:00.0-device.json");
    Path _ = Files.writeString(left, "{}");

    files.offered(List.of(offer(FUNCTION)));
    assertThat(names()).containsExactly(others.getFileName().toString(), FILE);

    files.offered(List.of());
    assertThat(names()).containsExactly(others.getFileName().toString());
  }

  @Test
  void aFolderThatRefusesIsTriedAgainAfterPausesThatDouble() throws IOException {
    Path _ = Files.createDirectories(folder.getParent());
    Path _ = Files.writeString(folder, "in the way");
    assertThat(files.objection()).isEmpty();
    files.offered(List.of(offer(FUNCTION)));
    assertThat(files.objection().orElseThrow())
        .startsWith("device information for Multus cannot be written: ");

    later.pass(Duration.ofSeconds(1));
    Files.delete(folder);
    later.pass(Duration.ofMillis(1999));
    assertThat(folder).doesNotExist();
    later.pass(Duration.ofMillis(1));

    assertThat(names()).containsExactly(FILE);
    assertThat(files.objection()).isEmpty();
    assertThat(later.waiting()).isZero();
  }

  @Test
  void aFileThatIsRemovedIsBackAtTheNextLook() throws IOException {
    files.look();
    assertThat(folder).as("before anything is offered").doesNotExist();
    files.offered(List.of(offer(FUNCTION)));
    Files.delete(folder.resolve(FILE));

    files.look();

    assertThat(names()).containsExactly(FILE);
  }
}
