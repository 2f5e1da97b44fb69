package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SysfsTablesTest {
  private static final String LINK_LOCAL = "fe80:0000:0000:0000:5054:00ff:fe00:0012";
  private static final String IPV4 = "0000:0000:0000:0000:0000:ffff:0a00:0005";
  private static final String IPV6 = "2001:0db8:0000:0000:0000:0000:0000:0001";

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(SysfsTables.class);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Map<Integer, PortAttributes> ports = new TreeMap<>();
  private final FileDescriptors descriptors = new FileDescriptors();
  @TempDir Path sysfs;
  private SysfsTree tree;

  @BeforeEach
  void makeTree() {
    tree = new SysfsTree(sysfs, "mlx5_0");
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void hearNoMore() {
    LOG.detachAppender(log);
    descriptors.close();
  }

  private void port(int number, String linkLayer, int slots) throws IOException {
    tree.port(number, slots);
    ports.put(number, new PortAttributes(linkLayer, "ACTIVE", "", 0, 0, slots, ""));
  }

  private Reply<List<PortEntry>> read() {
    return new SysfsTables(sysfs, new AttributeFiles(descriptors)).read("mlx5_0", ports);
  }

  private void assertRead(PortEntry... entries) {
    assertThat(read()).isEqualTo(new Reply.Ok<>(List.of(entries)));
  }

  private void assertRefused(Path file, int errno, String advice) {
    assertThat(read()).isEqualTo(new Reply.Refused<>("read of " + file, "mlx5_0", errno, advice));
  }

  private Path gids(int port) {
    return sysfs.resolve("class/infiniband/mlx5_0/ports/" + port + "/gids");
  }

  private static PortEntry entry(int port, int index, String gid, GidType type, String netdev) {
    return new PortEntry(port, index, Gid.parse(gid), type, 0, netdev);
  }

  @Test
  void filledSlotsOfAllPortsAreReadWithTheNamesOfTheirNetdevs() throws IOException {
    port(1, PortAttributes.ETHERNET, 5);
    tree.slot(1, 0, LINK_LOCAL, "IB/RoCE v1", "ens1f0");
    tree.slot(1, 1, LINK_LOCAL, "RoCE v2", "ens1f0");
    tree.slot(1, 3, IPV4, "RoCE v2", "a netdev of another namespace");
    port(2, PortAttributes.ETHERNET, 2);
    tree.slot(2, 1, IPV6, "RoCE v2", "ens1f1.7");

    assertRead(
        entry(1, 0, "fe80::5054:ff:fe00:12", GidType.ROCE_V1, "ens1f0"),
        entry(1, 1, "fe80::5054:ff:fe00:12", GidType.ROCE_V2, "ens1f0"),
        entry(1, 3, "::ffff:10.0.0.5", GidType.ROCE_V2, "a netdev of another namespace"),
        entry(2, 1, "2001:db8::1", GidType.ROCE_V2, "ens1f1.7"));
  }

  @Test
  void anInfinibandPortHasNeitherTypesNorNetdevs() throws IOException {
    port(1, PortAttributes.INFINIBAND, 3);
    tree.slot(1, 0, LINK_LOCAL, "IB/RoCE v1", "");
    tree.slot(1, 2, IPV6, "", "");

    assertRead(
        entry(1, 0, "fe80::5054:ff:fe00:12", GidType.IB, ""),
        entry(1, 2, "2001:db8::1", GidType.IB, ""));
  }

  @Test
  void anEntryThatHasJustGoneIsNone() throws IOException {
    port(1, PortAttributes.ETHERNET, 3);
    tree.slot(1, 0, LINK_LOCAL, "", "");
    tree.slot(1, 1, IPV4, "", "ens1f0");
    tree.slot(1, 2, IPV6, "RoCE v2", "ens1f0");

    assertRead(entry(1, 2, "2001:db8::1", GidType.ROCE_V2, "ens1f0"));
    assertThat(log.list).isEmpty();
  }

  @Test
  void anEntryWithoutANetdevIsOne() throws IOException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, IPV4, "RoCE v2", "");

    assertRead(entry(1, 0, "::ffff:10.0.0.5", GidType.ROCE_V2, ""));
  }

  @Test
  void attributesThatKeepOthersOutAreARefusalWithAdvice() throws IOException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, IPV4, "RoCE v2", "ens1f0");
    for (Path attribute : List.of(tree.netdev(1, 0), tree.type(1, 0), tree.gid(1, 0))) {
      tree.link(attribute, SysfsTree.EACCES);

      assertRefused(
          attribute,
          Errno.EACCES.code(),
          "the files of sysfs keep others out: run as root, and mask nothing of"
              + " /sys/class/infiniband");
    }
  }

  @Test
  void whatElseIsWrongWithAFileIsARefusalAsItIs() throws IOException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, IPV4, "RoCE v2", "ens1f0");
    tree.link(tree.netdev(1, 0), tree.netdev(1, 0));

    assertRefused(tree.netdev(1, 0), 40, ""); // ELOOP
  }

  @Test
  void anAttributeThatGoesIsADeviceThatGoes() throws IOException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, IPV4, "RoCE v2", "ens1f0");
    for (Path attribute : List.of(tree.netdev(1, 0), tree.type(1, 0), tree.gid(1, 0))) {
      Files.delete(attribute);
      if (attribute.equals(tree.gid(1, 0))) {
        Files.createDirectory(attribute.resolveSibling("x")); // the folder has as many slots
      }

      assertRefused(attribute, Errno.ENODEV.code(), "");
    }
  }

  @Test
  void aSlotThatIsFilledAnewWhileItIsReadIsLeftToTheNextReading()
      throws IOException, InterruptedException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, LINK_LOCAL, "RoCE v2", "ens1f0");
    Files.delete(tree.gid(1, 0));
    Files.delete(tree.type(1, 0));
    pipe(tree.gid(1, 0));
    pipe(tree.type(1, 0));
    Thread kernel =
        Thread.ofPlatform()
            .start(() -> {
              write(tree.gid(1, 0), LINK_LOCAL);
              write(tree.type(1, 0), "RoCE v2");
              write(tree.gid(1, 0), IPV4);
            });

    assertRead();
    assertThat(kernel.join(Duration.ofSeconds(20))).isTrue();
  }

  private static void pipe(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
  }

  /** Waits for the reader of a pipe. */
  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text + "\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anUnknownTypeIsLeftOut() throws IOException {
    port(1, PortAttributes.ETHERNET, 2);
    tree.slot(1, 0, IPV4, "RoCE v3", "ens1f0");
    tree.slot(1, 1, IPV6, "RoCE v2", "ens1f0");

    assertRead(entry(1, 1, "2001:db8::1", GidType.ROCE_V2, "ens1f0"));
    assertThat(log.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly("GID type unknown, entry left out");
  }

  @Test
  void aPortSaysHowManySlotsAreRead() throws IOException {
    port(1, PortAttributes.ETHERNET, 2);
    tree.slot(1, 2, IPV4, "RoCE v2", "ens1f0");
    assertRead();

    ports.put(1, new PortAttributes(PortAttributes.ETHERNET, "ACTIVE", "", 0, 0, 99, ""));
    assertRead(entry(1, 2, "::ffff:10.0.0.5", GidType.ROCE_V2, "ens1f0"));
  }

  @Test
  void aPortThatGoesIsNoEmptyTable() throws IOException {
    port(1, PortAttributes.ETHERNET, 2);
    ports.put(2, ports.get(1));

    assertRefused(gids(2), Errno.ENODEV.code(), "");
  }

  @Test
  void whatIsNoGidIsNoEmptySlot() throws IOException {
    port(1, PortAttributes.ETHERNET, 1);
    tree.slot(1, 0, "", "RoCE v2", "ens1f0");

    assertRefused(tree.gid(1, 0), Errno.EIO.code(), "");
  }
}
