package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.netlink.LinkEvents;
import io.rdmagid.deviceplugin.netlink.NetlinkException;
import io.rdmagid.deviceplugin.netlink.RdmaEvents;
import io.rdmagid.deviceplugin.netlink.RdmaSystem;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What netlink tells beside the devices' own events: that a link or its addresses change, which
 * comes before the table changes, and on kernels that say so, that devices come, go or get another
 * name or netdev. It belongs to the observing thread.
 */
final class NetlinkHints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NetlinkHints.class);

  private final FileDescriptors descriptors;
  private final Path sysfs;
  private final LinkEvents links;
  private @Nullable RdmaEvents devices;
  private @Nullable RdmaSystem known;

  /**
   * What was told.
   *
   * @param look whether to look which devices there are
   * @param everything whether anything may have changed on any device
   * @param ifindexes of links that changed, in this network namespace
   */
  record Hints(boolean look, boolean everything, Set<Integer> ifindexes) {
    Hints {
      ifindexes = Set.copyOf(ifindexes);
    }
  }

  /**
   * Begins to listen.
   *
   * @param descriptors of the same thread
   * @param sysfs where sysfs is mounted, usually /sys
   * @throws NetlinkException if the kernel refuses
   */
  NetlinkHints(FileDescriptors descriptors, Path sysfs) {
    this.descriptors = descriptors;
    this.sysfs = sysfs;
    this.links = new LinkEvents(descriptors);
  }

  /** To poll. */
  List<Integer> descriptors() {
    List<Integer> all = new ArrayList<>(List.of(links.descriptor()));
    if (devices != null) {
      all.add(devices.descriptor());
    }
    return all;
  }

  /** Whether it is told when devices come, go or get another name. */
  boolean tellsOfDevices() {
    return devices != null;
  }

  /**
   * Takes what waits.
   *
   * @param ready the descriptors that have something
   */
  Hints drain(List<Integer> ready) {
    LinkEvents.Changes changes =
        ready.contains(links.descriptor())
            ? links.drain()
            : new LinkEvents.Changes(Set.of(), false);
    Set<RdmaEvents.Event> events =
        devices != null && ready.contains(devices.descriptor())
            ? devices.drain()
            : EnumSet.noneOf(RdmaEvents.Event.class);
    return new Hints(
        changes.lost() || events.contains(RdmaEvents.Event.DEVICES),
        changes.lost() || events.contains(RdmaEvents.Event.NETDEVS),
        changes.ifindexes());
  }

  /**
   * How devices belong to network namespaces. Asked at each look for devices, since the first of
   * them may bring the kernel's module with it; from when it answers that it tells of devices, it
   * is listened to.
   */
  RdmaNamespaceMode mode() {
    RdmaSystem now = RdmaSystem.ask(descriptors, sysfs);
    if (!now.equals(known)) {
      known = now;
      log(now);
    }
    if (devices == null && now instanceof RdmaSystem.Known(_, boolean monitored) && monitored) {
      listen();
    }
    return now.mode();
  }

  @Override
  public void close() {
    links.close();
    if (devices != null) {
      devices.close();
    }
  }

  private void listen() {
    try {
      devices = new RdmaEvents(descriptors);
    } catch (NetlinkException e) {
      // The folder of device nodes, or a look now and then, tells of it, too.
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("RDMA events refused");
    }
  }

  private static void log(RdmaSystem system) {
    switch (system) {
      case RdmaSystem.Known(RdmaNamespaceMode mode, boolean monitored) ->
          LOG.atInfo()
              .addKeyValue("namespaceMode", mode.text())
              .addKeyValue("deviceEvents", monitored)
              .log("RDMA subsystem asked");
      case RdmaSystem.Unknown(String reason) ->
          LOG.atInfo().addKeyValue("reason", reason).log("RDMA subsystem cannot be asked");
    }
  }
}
