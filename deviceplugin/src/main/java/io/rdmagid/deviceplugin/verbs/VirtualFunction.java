package io.rdmagid.deviceplugin.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What sysfs says of a PCI function that is a virtual one (SR-IOV): its link {@code physfn} leads
 * to the physical function, one of whose links {@code virtfnN} leads back (drivers/pci/iov.c,
 * pci_iov_sysfs_link; Documentation/ABI/testing/sysfs-bus-pci of the kernel). A virtual machine is
 * given virtual functions without their physical one: there they are functions like any other.
 *
 * @param pfName the netdev of the physical function; empty where none is in the network namespace
 *     that sysfs is mounted of
 * @param index N, or -1 where it is not known
 */
record VirtualFunction(String pfName, int index) {
  static final VirtualFunction NONE = new VirtualFunction("", -1);

  private static final Pattern LINK = Pattern.compile("virtfn([0-9]{1,5})");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /**
   * What drivers name the physical port; most have no name, and then the file cannot be read. Other
   * names are those of representors (net/devlink/port.c, __devlink_port_phys_port_name_get).
   */
  private static final Pattern PHYSICAL_PORT = Pattern.compile("|p[0-9]+(s[0-9]+)?");

  /** Of a PCI function, {@link #NONE} where it is no virtual one. */
  static VirtualFunction of(Path function, String pciAddress) {
    Path physical = function.resolve("physfn");
    return Files.isDirectory(physical)
        ? new VirtualFunction(netdev(physical.resolve("net")), index(physical, pciAddress))
        : NONE;
  }

  private static int index(Path physical, String pciAddress) {
    return names(physical)
        .map(LINK::matcher)
        .filter(Matcher::matches)
        .filter(link -> leadsTo(physical.resolve(link.group()), pciAddress))
        .mapToInt(link -> Integer.parseInt(link.group(1)))
        .findFirst()
        .orElse(-1);
  }

  private static boolean leadsTo(Path link, String pciAddress) {
    try {
      return Files.readSymbolicLink(link).endsWith(pciAddress);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The netdev of the function's first port (dev_port 0): with mlx4 a function has two, and in
   * switchdev mode drivers such as mlx5 hang their representors on it, too. Empty where several are
   * equally good.
   */
  private static String netdev(Path netdevs) {
    TreeMap<Integer, List<String>> own =
        names(netdevs)
            .filter(name -> PHYSICAL_PORT.matcher(text(netdevs, name, "phys_port_name")).matches())
            .collect(
                Collectors.groupingBy(
                    name -> port(netdevs, name), TreeMap::new, Collectors.toList()));
    List<String> ofFirst = own.isEmpty() ? List.of() : own.firstEntry().getValue();
    return ofFirst.size() == 1 ? ofFirst.getFirst() : "";
  }

  private static Stream<String> names(Path folder) {
    String[] names = folder.toFile().list();
    return names == null ? Stream.empty() : Stream.of(names);
  }

  private static int port(Path netdevs, String name) {
    String text = text(netdevs, name, "dev_port");
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : Integer.MAX_VALUE;
  }

  private static String text(Path netdevs, String name, String attribute) {
    return SysfsDevices.text(netdevs.resolve(name).resolve(attribute));
  }
}
