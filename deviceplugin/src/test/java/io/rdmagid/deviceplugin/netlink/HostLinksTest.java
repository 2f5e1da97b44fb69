package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Against the kernel that the test runs on. */
class HostLinksTest {
  private static final int ENOTSOCK = 88;

  private static Map<Integer, Link> read() {
    try (FileDescriptors descriptors = new FileDescriptors();
        HostLinks links = new HostLinks(new RouteSocket(descriptors))) {
      Map<Integer, Link> first = read(links);
      assertThat(read(links).keySet()).isEqualTo(first.keySet());
      return first;
    }
  }

  static Map<Integer, Link> read(HostLinks links) {
    return switch (links.read()) {
      case HostLinks.Reading.Read(Map<Integer, Link> read) -> read;
      case HostLinks.Reading.Refused refused -> throw new AssertionError(refused);
    };
  }

  @Test
  void whatTheKernelRefusesIsAnOutcome() {
    try (FileDescriptors descriptors = new FileDescriptors();
        HostLinks links =
            new HostLinks(new RouteSocket(descriptors, descriptors.open("/dev/null")))) {
      assertThat(links.read()).isEqualTo(new HostLinks.Reading.Refused("netlink send", ENOTSOCK));
    }
  }

  @Test
  void loopbackIsThere() {
    assertThat(read().values())
        .filteredOn(link -> link.name().equals("lo"))
        .singleElement()
        .satisfies(link -> assertThat(link.holds(Gid.parse("::ffff:127.0.0.1"))).isTrue())
        .satisfies(link -> assertThat(link.hardwareAddress()).isZero());
  }

  @Test
  void linksAreWhatJavaSaysTheyAre() throws SocketException {
    Map<Integer, Link> links = read();

    for (NetworkInterface expected : NetworkInterface.networkInterfaces().toList()) {
      Link link = links.get(expected.getIndex());
      assertThat(link).as(expected.getName()).isNotNull();
      assertThat(link.name()).isEqualTo(expected.getName());
      Set<Gid> addresses = new HashSet<>();
      for (InterfaceAddress address : expected.getInterfaceAddresses()) {
        addresses.add(Gid.of(address.getAddress()));
      }
      assertThat(link.addresses()).as(expected.getName()).containsAll(addresses);
      byte[] hardware = expected.getHardwareAddress();
      if (hardware != null && hardware.length == 6) {
        assertThat(link.hardwareAddress()).isEqualTo(number(hardware));
      }
    }
  }

  private static long number(byte[] bytes) {
    long number = 0;
    for (byte b : bytes) {
      number = (number << 8) | (b & 0xff);
    }
    return number;
  }
}
