package io.rdmagid.deviceplugin.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.LaterByHand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdiSpecsTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  @TempDir private Path root;
  private Path folder;
  private Path nodes;
  private Path file;
  private final LaterByHand later = new LaterByHand();
  private CdiSpecs specs;

  @BeforeEach
  void paths() throws IOException {
    folder = root.resolve("run/cdi");
    nodes = Files.createDirectories(root.resolve("dev/infiniband"));
    file = folder.resolve("rdmagid.io-rdma.json");
    specs = specs();
  }

  private CdiSpecs specs() {
    return new CdiSpecs(folder, new SpecText(nodes, root.resolve("sys")), later, later::nanoTime);
  }

  private static Device device(String name, String uverbs, String... linkLayers) {
    List<Port> ports =
        IntStream.range(0, linkLayers.length)
            .mapToObj(i ->
                new Port(
                    i + 1,
                    new PortAttributes(linkLayers[i], "ACTIVE", "", 0, 0, 0, ""),
                    "",
                    List.of(),
                    List.of()))
            .toList();
    return new Device(name, uverbs, new DeviceAttributes("", "", "", "", "", "", -1), ports);
  }

  private static Device roce(String name, String uverbs) {
    return device(name, uverbs, "Ethernet");
  }

  private static Inventory of(Device... devices) {
    return new Inventory(Arrays.asList(devices));
  }

  private void madNode(String name, String device, int port) throws IOException {
    Path node = Files.createDirectories(root.resolve("sys/class/infiniband_mad").resolve(name));
    Files.writeString(node.resolve("ibdev"), device + "\n");
    Files.writeString(node.resolve("port"), port + "\n");
  }

  /** The golden file, with the test's folder in the place of the root. */
  private String golden(String name) throws IOException {
    try (InputStream in = CdiSpecsTest.class.getResourceAsStream("/cdi/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("\"/dev/", "\"" + root + "/dev/");
    }
  }

  private List<String> written() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void eachDeviceHasItsNodes() throws IOException {
    Files.createFile(nodes.resolve("rdma_cm"));
    madNode("umad0", "mlx5_0", 1);
    madNode("umad1", "mlx5_2", 1);
    madNode("umad2", "mlx5_2", 2);
    madNode("issm1", "mlx5_2", 1);
    madNode("issm2", "mlx5_2", 2);

    specs.update(
        of(
            roce("mlx5_0", "uverbs0"),
            device("mlx5_2", "uverbs1", "InfiniBand", "Ethernet"),
            roce("rocep1s0f0", "uverbs7")));

    assertThat(file).hasContent(golden("three-devices.json"));
    assertThat(Files.getPosixFilePermissions(file)).contains(PosixFilePermission.OTHERS_READ);
    assertThat(written()).containsExactly("rdmagid.io-rdma.json");
    assertThat(specs.objection()).isEmpty();
  }

  @Test
  void rdmaCmIsThereOnlyIfTheNodeHasIt() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    assertThat(file).hasContent(golden("without-rdma-cm.json"));

    Files.createFile(nodes.resolve("rdma_cm"));
    specs.update(of(roce("rxe0", "uverbs0")));

    assertThat(file).content().contains(root + "/dev/infiniband/rdma_cm");
  }

  @Test
  void whatIsAsItShouldBeIsNotWritten() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    Files.setLastModifiedTime(file, LONG_AGO);

    specs.update(of(roce("rxe0", "uverbs0")));
    specs().update(of(roce("rxe0", "uverbs0")));

    assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
  }

  @Test
  void aDeviceThatIsPluggedInAgainHasItsNewNode() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0"), roce("rxe1", "uverbs1")));

    specs.update(of(roce("rxe0", "uverbs5")));

    assertThat(file).content().contains("infiniband/uverbs5").doesNotContain("uverbs0", "rxe1");
  }

  @Test
  void aFileThatWasRemovedIsWrittenAgainWithItsFolder() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    Files.delete(file);
    Files.delete(folder);

    specs.update(of(roce("rxe0", "uverbs0")));

    assertThat(file).hasContent(golden("without-rdma-cm.json"));
  }

  @Test
  void aFileOfSomebodyElseIsReplaced() throws IOException {
    Files.createDirectories(folder);
    Files.write(file, new byte[] {(byte) 0xff});

    specs.update(of(roce("rxe0", "uverbs0")));

    assertThat(file).hasContent(golden("without-rdma-cm.json"));
  }

  @Test
  void aNodeWithoutDevicesHasNoFile() {
    specs.update(Inventory.EMPTY);
    assertThat(folder).doesNotExist();
    assertThat(specs.objection()).isEmpty();

    specs.update(of(roce("rxe0", "uverbs0")));
    specs.update(of(roce("rxe0", "")));

    assertThat(file).doesNotExist();
  }

  @Test
  void aNameThatCdiCannotHaveIsLeftOut() {
    specs.update(
        of(
            roce("rxe0", "uverbs0"),
            roce("bad/name", "uverbs1"),
            roce("bad_", "uverbs2"),
            roce("-bad", "uverbs3"),
            roce("0", "uverbs4"),
            roce("a.b:c-d_e", "uverbs5")));

    assertThat(file)
        .content()
        .contains("\"rxe0\"", "\"0\"", "\"a.b:c-d_e\"")
        .doesNotContain("bad", "uverbs1", "uverbs2", "uverbs3");
  }

  @Test
  void whatIsRefusedIsTriedAgainAfterPausesThatDouble() throws IOException {
    Path inTheWay = Files.createFile(Files.createDirectories(folder.getParent()).resolve("cdi"));
    assertThat(specs.objection()).contains("the CDI spec is not written yet");

    specs.update(of(roce("rxe0", "uverbs0")));
    assertThat(specs.objection().orElseThrow()).startsWith("the CDI spec cannot be written: ");
    later.pass(Duration.ofSeconds(1));
    Files.delete(inTheWay);
    later.pass(Duration.ofMillis(1999));
    assertThat(file).doesNotExist();
    later.pass(Duration.ofMillis(1));

    assertThat(file).hasContent(golden("without-rdma-cm.json"));
    assertThat(specs.objection()).isEmpty();
    assertThat(later.waiting()).isZero();
  }

  @Test
  void aSpecThatIsNotOursIsObjectedToUntilTheNextLook() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    Files.delete(file);
    assertThat(specs.objection()).contains("somebody else removed or changed the CDI spec");
    specs.look();
    assertThat(specs.objection()).isEmpty();

    Files.writeString(file, "{}");
    assertThat(specs.objection()).contains("somebody else removed or changed the CDI spec");
    specs.look();
    assertThat(specs.objection()).isEmpty();
  }

  /** Else the two would write for ever, each at the other's event. */
  @Test
  void somebodyWhoWantsAnotherFileThereIsAnsweredEverMoreRarely() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    for (int n = 0; n < CdiSpecs.AT_ONCE; n++) {
      Files.writeString(file, "{}");
      specs.look();
      assertThat(file).hasContent(golden("without-rdma-cm.json"));
    }

    Files.writeString(file, "{}");
    specs.look();
    later.pass(CdiSpecs.BETWEEN.minusNanos(1));
    assertThat(file).hasContent("{}");
    assertThat(specs.objection()).isPresent();
    later.pass(Doubling.OF_FILES.longest());

    assertThat(file).hasContent(golden("without-rdma-cm.json"));
  }

  @Test
  void anInventoryThatChangesDoesNotWaitForThat() throws IOException {
    specs.update(of(roce("rxe0", "uverbs0")));
    for (int n = 0; n <= CdiSpecs.AT_ONCE; n++) {
      Files.writeString(file, "{}");
      specs.look();
    }
    assertThat(file).hasContent("{}");

    specs.update(of(roce("rxe0", "uverbs5")));

    assertThat(file).content().contains("infiniband/uverbs5");
  }
}
