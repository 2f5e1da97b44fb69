package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A node whose devices a test makes, refuses and takes away. Safe for use by any thread. */
final class FakeVerbs implements Verbs {
  private static final OpenDevice.Description DESCRIPTION =
      new OpenDevice.Description(new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1), 1);

  /** What was called, such as {@code open rxe0}, in order. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
  private final List<DeviceNode> nodes = new CopyOnWriteArrayList<>();
  private final Map<String, OpenDevice.Events> events = new ConcurrentHashMap<>();
  private final AtomicInteger descriptors = new AtomicInteger();
  private final Map<String, List<PortEntry>> tables = new ConcurrentHashMap<>();
  private final Set<String> withoutProvider = ConcurrentHashMap.newKeySet();
  private final Map<String, OpenDevice.Description> descriptions = new ConcurrentHashMap<>();
  private final Set<String> opened = ConcurrentHashMap.newKeySet();
  private volatile ReadBy readBy = ReadBy.IOCTL;
  private volatile List<PortEntry> entries = List.of();
  private volatile Runnable listing = () -> {};
  private volatile Runnable closing = () -> {};

  /** A device is there. */
  void plug(String name, String uverbs) {
    nodes.add(new DeviceNode(name, uverbs));
  }

  void unplug(String name) {
    nodes.removeIf(node -> node.name().equals(name));
  }

  /** From now a call such as {@code open rxe0} is refused; {@code list} is that of all devices. */
  void refuse(String call, Errno errno) {
    refusals.put(call, errno.code());
  }

  /** From now libibverbs has no library for a device. */
  void withoutProvider(String device) {
    withoutProvider.add(device);
  }

  /** What the table of a device's port is from now. */
  void table(String device, PortEntry... entries) {
    tables.put(device, List.of(entries));
  }

  /** What a device is from now. */
  void describe(String device, DeviceAttributes attributes) {
    descriptions.put(device, new OpenDevice.Description(attributes, 1));
  }

  /** The names of the devices that are open now. */
  Set<String> opened() {
    return Set.copyOf(opened);
  }

  /** The next such call is refused, and those after it are not. */
  void refuseOnce(String call, Errno errno) {
    refusedOnce.add(call);
    refuse(call, errno);
  }

  void allow(String call) {
    refusals.remove(call);
  }

  /** The next events of a device. */
  void events(String device, OpenDevice.Events next) {
    events.put(device, next);
  }

  /** What the tables of all devices hold from now. */
  void entries(PortEntry... all) {
    entries = List.of(all);
  }

  /** How tables are read from now. */
  void readBy(ReadBy next) {
    readBy = next;
  }

  /** The calls since the last time. */
  List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.removeAll(taken);
    return taken;
  }

  /** What happens in the next and all further listings of the devices. */
  void whileListing(Runnable action) {
    listing = action;
  }

  /** What happens when a device is closed from now. */
  void whileClosing(Runnable action) {
    closing = action;
  }

  @Override
  public Reply<List<DeviceNode>> devices() {
    listing.run();
    return reply("list", "", List.copyOf(nodes));
  }

  @Override
  public Reply<OpenDevice> open(DeviceNode device) {
    calls.add("open " + device.name());
    if (withoutProvider.contains(device.name())) {
      return new Reply.Refused<>(
          "list",
          device.name(),
          Errno.ENODEV.code(),
          "install it",
          UnreadDevice.Cause.NO_PROVIDER,
          List.of());
    }
    Reply<OpenDevice> reply = reply("open", device.name(), new Device(device));
    if (reply instanceof Reply.Ok<OpenDevice>) {
      opened.add(device.name());
    }
    return reply;
  }

  @Override
  public OpenDevice.Description describeClosed(DeviceNode device) {
    return DESCRIPTION;
  }

  @Override
  public void close() {}

  private <T> Reply<T> reply(String operation, String device, T value) {
    String call = (operation + " " + device).strip();
    Integer errno = refusedOnce.remove(call) ? refusals.remove(call) : refusals.get(call);
    return errno == null ? new Reply.Ok<>(value) : new Reply.Refused<>(operation, device, errno);
  }

  private final class Device implements OpenDevice {
    private final DeviceNode node;
    private final int descriptor = descriptors.decrementAndGet();

    Device(DeviceNode node) {
      this.node = node;
    }

    @Override
    public DeviceNode node() {
      return node;
    }

    @Override
    public OptionalInt eventDescriptor() {
      return OptionalInt.of(descriptor); // below zero: poll(2) leaves it out
    }

    @Override
    public Reply<Description> describe() {
      return reply("describe", node.name(), descriptions.getOrDefault(node.name(), DESCRIPTION));
    }

    @Override
    public Reply<PortAttributes> port(int port) {
      return new Reply.Ok<>(
          new PortAttributes(PortAttributes.ETHERNET, "ACTIVE", "LINK_UP", 1024, 2.5, 1024, ""));
    }

    @Override
    public Reply<Tables> tables(Map<Integer, PortAttributes> ports) {
      return reply(
          "read", node.name(), new Tables(tables.getOrDefault(node.name(), entries), readBy));
    }

    @Override
    public Events drainEvents() {
      calls.add("drain " + node.name());
      Events next = events.remove(node.name());
      return next == null ? Events.NONE : next;
    }

    @Override
    public void close() {
      calls.add("close " + node.name());
      opened.remove(node.name());
      closing.run();
    }
  }
}
