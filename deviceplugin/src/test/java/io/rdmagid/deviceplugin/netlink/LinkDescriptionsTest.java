package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel that the test runs on, with a bridge of the test's own. */
class LinkDescriptionsTest {
  private static final String NAME = "rg" + ProcessHandle.current().pid() % 100_000;

  @BeforeEach
  void make() {
    ip("link add " + NAME + "b type bridge");
    ip("link add " + NAME + "x type veth peer name " + NAME + "y");
    ip("link set " + NAME + "x mtu 1400 master " + NAME + "b");
    ip("addr add 10.98.0.5/24 dev " + NAME + "b");
    ip("addr add 10.98.1.6 peer 10.98.1.7/32 dev " + NAME + "b");
  }

  @AfterEach
  void remove() {
    ip("link del " + NAME + "x");
    ip("link del " + NAME + "b");
  }

  private static List<LinkDescription> read() {
    try (FileDescriptors descriptors = new FileDescriptors();
        RouteSocket socket = new RouteSocket(descriptors)) {
      return LinkDescriptions.read(socket);
    }
  }

  private static LinkDescription link(List<LinkDescription> links, String name) {
    Optional<LinkDescription> link =
        links.stream().filter(candidate -> candidate.name().equals(name)).findFirst();
    assertThat(link).as(name).isPresent();
    return link.get();
  }

  @Test
  void linksAreDescribedAsIpDescribesThem() throws IOException {
    List<LinkDescription> links = read();

    LinkDescription bridge = link(links, NAME + "b");
    assertThat(bridge.kind()).isEqualTo("bridge");
    assertThat(bridge.state()).isEqualTo("DOWN");
    assertThat(bridge.addresses())
        .extracting(address -> address.text())
        .contains("10.98.0.5/24", "10.98.1.6/32", "10.98.1.7/32");
    LinkDescription port = link(links, NAME + "x");
    assertThat(port.kind()).isEqualTo("veth");
    assertThat(port.mtu()).isEqualTo(1400);
    assertThat(port.master()).isEqualTo(NAME + "b");
    assertThat(port.addresses()).isEmpty();
    assertThat(port.ifindex())
        .isEqualTo(
            Integer.parseInt(
                Files.readString(Path.of("/sys/class/net", NAME + "x", "ifindex")).strip()));
    assertThat(link(links, "lo").addresses())
        .extracting(address -> address.text())
        .contains("127.0.0.1/8");
    assertThat(links).extracting(LinkDescription::ifindex).isSorted();
  }

  private static void ip(String arguments) {
    try {
      Process process = new ProcessBuilder(("ip " + arguments).split(" ", -1)).inheritIO().start();
      assertThat(process.waitFor()).as("ip " + arguments).isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
