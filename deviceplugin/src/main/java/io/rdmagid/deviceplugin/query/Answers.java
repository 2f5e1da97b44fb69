package io.rdmagid.deviceplugin.query;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.deviceplugin.wire.UnreadMapping;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.proto.gidtable.EmptySlot;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.FindResponse;
import io.rdmagid.proto.gidtable.FoundEntry;
import io.rdmagid.proto.gidtable.NoSuchDevice;
import io.rdmagid.proto.gidtable.NoSuchIndex;
import io.rdmagid.proto.gidtable.NoSuchPort;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryEntryResponse;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The answers to requests that have no problems, from one reading. Pure. */
final class Answers {
  private Answers() {}

  static Table table(QueryTableRequest request, Published reading) {
    if (request.getDevice().isEmpty()) {
      return reading.table();
    }
    Inventory inventory = reading.inventory();
    return TableMapping.table(
        new Inventory(
            inventory.device(request.getDevice()).stream()
                .map(device -> withPort(device, request.getPort()))
                .toList(),
            unread(inventory, request.getDevice()).stream().toList(),
            inventory.namespaceMode()),
        reading.revision());
  }

  static QueryEntryResponse entry(QueryEntryRequest request, Published reading) {
    QueryEntryResponse.Builder answer =
        QueryEntryResponse.newBuilder().setRevision(reading.revision().number());
    Inventory inventory = reading.inventory();
    Optional<Device> device = inventory.device(request.getDevice());
    if (device.isPresent()) {
      return entry(request, device.get(), answer).build();
    }
    Optional<UnreadDevice> unread = unread(inventory, request.getDevice());
    if (unread.isPresent()) {
      return answer.setUnreadDevice(UnreadMapping.message(unread.get())).build();
    }
    TreeSet<String> names = new TreeSet<>(inventory.unread());
    inventory.devices().forEach(other -> names.add(other.name()));
    return answer.setNoSuchDevice(NoSuchDevice.newBuilder().addAllDevices(names)).build();
  }

  static FindResponse find(FindRequest request, Published reading) {
    FindResponse.Builder answer =
        FindResponse.newBuilder().setRevision(reading.revision().number());
    Predicate<GidEntry> question = question(request);
    for (Device device : reading.inventory().devices()) {
      if (!request.getDevice().isEmpty() && !device.name().equals(request.getDevice())) {
        continue;
      }
      for (Port port : withPort(device, request.getPort()).ports()) {
        Set<Integer> elsewhere = port.elsewhere();
        port.table().stream()
            .filter(question)
            .forEach(entry ->
                answer.addEntries(
                    FoundEntry.newBuilder()
                        .setDevice(device.name())
                        .setPort(port.number())
                        .setEntry(TableMapping.entry(entry, elsewhere, port.unusable()))));
      }
    }
    return answer.build();
  }

  private static QueryEntryResponse.Builder entry(
      QueryEntryRequest request, Device device, QueryEntryResponse.Builder answer) {
    Optional<Port> asked = device.port(request.getPort());
    if (asked.isEmpty()) {
      return answer.setNoSuchPort(
          NoSuchPort.newBuilder().addAllPorts(device.ports().stream().map(Port::number).toList()));
    }
    Port port = asked.get();
    for (GidEntry entry : port.table()) {
      if (entry.index() == request.getIndex()) {
        return answer.setEntry(TableMapping.entry(entry, port.elsewhere(), port.unusable()));
      }
    }
    int slots = port.attributes().gidTableLength();
    return Integer.compareUnsigned(request.getIndex(), slots) < 0
        ? answer.setEmptySlot(EmptySlot.getDefaultInstance())
        : answer.setNoSuchIndex(NoSuchIndex.newBuilder().setSlots(slots));
  }

  private static Optional<UnreadDevice> unread(Inventory inventory, String device) {
    return inventory.unreadDevices().stream()
        .filter(unread -> unread.name().equals(device))
        .findFirst();
  }

  /** The device with one of its ports, or none; with all for port 0. */
  private static Device withPort(Device device, int number) {
    return number == 0
        ? device
        : new Device(
            device.name(),
            device.uverbs(),
            device.attributes(),
            device.port(number).stream().toList(),
            device.readBy());
  }

  private static Predicate<GidEntry> question(FindRequest request) {
    Optional<Gid> gid =
        request.getAddress().isEmpty()
            ? Optional.empty()
            : Optional.of(Gid.ofAddress(request.getAddress()));
    Optional<GidType> type = TableMapping.type(request.getType());
    String netdev = request.getNetdev();
    return entry ->
        gid.map(entry.gid()::equals).orElse(true)
            && type.map(wanted -> wanted == entry.type()).orElse(true)
            && (netdev.isEmpty() || netdev.equals(entry.netdev()));
  }
}
