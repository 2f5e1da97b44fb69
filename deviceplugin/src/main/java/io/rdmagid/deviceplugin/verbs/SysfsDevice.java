package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.AttributeFiles.Attribute;
import io.rdmagid.deviceplugin.posix.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device as its files in sysfs show it (Documentation/ABI/stable/sysfs-class-infiniband of the
 * kernel): of each port {@code link_layer}, {@code state}, {@code phys_state}, {@code rate} and a
 * file of {@code gids} for each slot. Its active MTU is in none, and stays unknown.
 */
final class SysfsDevice implements OpenDevice {
  /** The number, as verbs have it, and its name: {@code 4: ACTIVE}. */
  private static final Pattern STATE = Pattern.compile("([0-9]{1,3}): .*");

  private final Verbs.DeviceNode node;
  private final Path ports;
  private final SysfsDevices devices;
  private final AttributeFiles files;
  private final SysfsTables tables;
  private final DefaultRoceModes roceModes;

  SysfsDevice(
      Verbs.DeviceNode node,
      Path sysfs,
      SysfsDevices devices,
      AttributeFiles files,
      SysfsTables tables,
      DefaultRoceModes roceModes) {
    this.node = node;
    this.ports = sysfs.resolve("class/infiniband").resolve(node.name()).resolve("ports");
    this.devices = devices;
    this.files = files;
    this.tables = tables;
    this.roceModes = roceModes;
  }

  @Override
  public Verbs.DeviceNode node() {
    return node;
  }

  @Override
  public OptionalInt eventDescriptor() {
    return OptionalInt.empty();
  }

  @Override
  public Reply<Description> describe() {
    Description description = devices.describe(node.name());
    return description.ports() == 0
        ? SysfsTables.refused(node.name(), ports, Errno.ENODEV.code())
        : new Reply.Ok<>(description);
  }

  @Override
  public Reply<PortAttributes> port(int port) {
    Path folder = ports.resolve(Integer.toString(port));
    List<String> texts = new ArrayList<>();
    for (String attribute : List.of("link_layer", "state", "phys_state")) {
      Path file = folder.resolve(attribute);
      switch (files.read(file)) {
        case Attribute.Text(String text) -> texts.add(text);
        case Attribute.Unreadable(int errno) -> {
          return SysfsTables.refused(node.name(), file, errno);
        }
      }
    }
    String[] slots = folder.resolve("gids").toFile().list();
    boolean isInfiniband = texts.getFirst().equals(PortAttributes.INFINIBAND);
    return new Reply.Ok<>(
        new PortAttributes(
            isInfiniband ? PortAttributes.INFINIBAND : PortAttributes.ETHERNET,
            PortStates.state(code(texts.get(1))),
            PortStates.physicalState(code(texts.getLast())),
            0,
            devices.rateGbps(node.name(), port),
            slots == null ? 0 : slots.length, // why it cannot be listed, the reading of it tells
            isInfiniband ? "" : roceModes.of(node.name(), port)));
  }

  private static int code(String text) {
    Matcher state = STATE.matcher(text);
    return state.matches() ? Integer.parseInt(state.group(1)) : 0;
  }

  @Override
  public Reply<Tables> tables(Map<Integer, PortAttributes> ports) {
    return tables.read(node.name(), ports).map(entries -> new Tables(entries, ReadBy.SYSFS));
  }

  @Override
  public Events drainEvents() {
    return Events.NONE;
  }

  @Override
  public void close() {}
}
