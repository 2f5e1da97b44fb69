package io.rdmagid.deviceplugin.inventory;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All RDMA devices of a node at one moment.
 *
 * @param devices those of which there is a reading, by name, ascending, in whatever order they are
 *     given
 * @param unread the names of those that are there but of which there is none, since the system
 *     refuses to open or to read them: nothing is known of them, least of all that they are gone
 * @param namespaceMode how devices belong to network namespaces
 */
public record Inventory(List<Device> devices, Set<String> unread, RdmaNamespaceMode namespaceMode) {
  /** A node without RDMA devices. */
  public static final Inventory EMPTY = new Inventory(List.of());

  public Inventory {
    devices = devices.stream().sorted(Comparator.comparing(Device::name)).toList();
    unread = Collections.unmodifiableSet(new TreeSet<>(unread));
  }

  /** A node of which nobody asked how its devices belong to network namespaces. */
  public Inventory(List<Device> devices, Set<String> unread) {
    this(devices, unread, RdmaNamespaceMode.UNKNOWN);
  }

  /** The same of a node whose devices could all be read. */
  public Inventory(List<Device> devices) {
    this(devices, Set.of());
  }

  /** The same devices in this mode. */
  public Inventory in(RdmaNamespaceMode mode) {
    return new Inventory(devices, unread, mode);
  }
}
