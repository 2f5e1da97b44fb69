package io.rdmagid.deviceplugin.inventory;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All RDMA devices of a node at one moment.
 *
 * @param devices those of which there is a reading, by name, ascending, in whatever order they are
 *     given
 * @param unreadDevices those that are there but of which there is none, since the system refuses to
 *     open or to read them, by name, ascending: nothing is known of their tables, least of all that
 *     they are gone
 * @param namespaceMode how devices belong to network namespaces
 */
public record Inventory(
    List<Device> devices, List<UnreadDevice> unreadDevices, RdmaNamespaceMode namespaceMode) {
  /** A node without RDMA devices. */
  public static final Inventory EMPTY = new Inventory(List.of());

  public Inventory {
    devices = devices.stream().sorted(Comparator.comparing(Device::name)).toList();
    unreadDevices =
        unreadDevices.stream().sorted(Comparator.comparing(UnreadDevice::name)).toList();
  }

  /** A node of which nobody asked how its devices belong to network namespaces. */
  public Inventory(List<Device> devices, List<UnreadDevice> unreadDevices) {
    this(devices, unreadDevices, RdmaNamespaceMode.UNKNOWN);
  }

  /** The same of a node whose devices could all be read. */
  public Inventory(List<Device> devices) {
    this(devices, List.of());
  }

  /** The same of a node of which some devices could not be read, and nobody says why. */
  public Inventory(List<Device> devices, Set<String> unread) {
    this(devices, unread.stream().map(name -> UnreadDevice.refused(name, "")).toList());
  }

  /** The device of this name; empty where there is no reading of one. */
  public Optional<Device> device(String name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /** The names of the devices that are there but of which there is no reading. */
  public Set<String> unread() {
    return unreadDevices.stream()
        .map(UnreadDevice::name)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(TreeSet::new), Collections::unmodifiableSet));
  }

  /**
   * What was refused of some devices, a sentence each, for people. What belongs to other network
   * namespaces is none of them.
   */
  public List<String> refusals() {
    return unreadDevices.stream()
        .filter(device -> !device.isForeign())
        .map(UnreadDevice::describe)
        .toList();
  }

  /** Which devices belong to other network namespaces, one sentence for people; empty if none. */
  public Optional<String> foreign() {
    List<String> names =
        unreadDevices.stream().filter(UnreadDevice::isForeign).map(UnreadDevice::name).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "of other network namespaces, and read from there (show --netns PID|PATH): "
                + String.join(", ", names));
  }

  /** The same without the devices that belong to other network namespaces. */
  public Inventory ofThisNamespace() {
    return new Inventory(
        devices,
        unreadDevices.stream().filter(device -> !device.isForeign()).toList(),
        namespaceMode);
  }

  /** Whether there is no device, read or not. */
  public boolean isEmpty() {
    return devices.isEmpty() && unreadDevices.isEmpty();
  }

  /** The same devices in this mode. */
  public Inventory in(RdmaNamespaceMode mode) {
    return new Inventory(devices, unreadDevices, mode);
  }
}
