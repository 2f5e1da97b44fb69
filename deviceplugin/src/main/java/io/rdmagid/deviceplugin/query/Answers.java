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
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The answers to requests that have no problems, from one reading. Pure. */
final class Answers {
  private Answers() {}

  static Table table(QueryTableRequest request, Published reading) {
    if (request.getDevice().isEmpty()) {
      return reading.table();
    }
    Inventory inventory = reading.inventory();
    List<Device> devices =
        inventory.devices().stream()
            .filter(device -> device.name().equals(request.getDevice()))
            .map(device -> withPort(device, request.getPort()))
            .toList();
    return TableMapping.table(
        new Inventory(
            devices,
            inventory.unreadDevices().stream()
                .filter(device -> device.name().equals(request.getDevice()))
                .toList(),
            inventory.namespaceMode()),
        reading.revision());
  }

  static QueryEntryResponse entry(QueryEntryRequest request, Published reading) {
    QueryEntryResponse.Builder answer =
        QueryEntryResponse.newBuilder().setRevision(reading.revision().number());
    Inventory inventory = reading.inventory();
    Optional<Device> device =
        inventory.devices().stream()
            .filter(candidate -> candidate.name().equals(request.getDevice()))
            .findFirst();
    if (device.isPresent()) {
      return entry(request, device.get(), answer).build();
    }
    Optional<UnreadDevice> unread =
        inventory.unreadDevices().stream()
            .filter(candidate -> candidate.name().equals(request.getDevice()))
            .findFirst();
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
        Stream.concat(
                port.gids().stream().filter(question).map(e -> TableMapping.entry(e, false)),
                port.podGids().stream().filter(question).map(e -> TableMapping.entry(e, true)))
            .sorted((a, b) -> Integer.compare(a.getIndex(), b.getIndex()))
            .forEach(entry ->
                answer.addEntries(
                    FoundEntry.newBuilder()
                        .setDevice(device.name())
                        .setPort(port.number())
                        .setEntry(entry)));
      }
    }
    return answer.build();
  }

  private static QueryEntryResponse.Builder entry(
      QueryEntryRequest request, Device device, QueryEntryResponse.Builder answer) {
    List<Port> ports = withPort(device, request.getPort()).ports();
    if (ports.isEmpty()) {
      return answer.setNoSuchPort(
          NoSuchPort.newBuilder().addAllPorts(device.ports().stream().map(Port::number).toList()));
    }
    Port port = ports.getFirst();
    for (GidEntry entry : port.table()) {
      if (entry.index() == request.getIndex()) {
        return answer.setEntry(TableMapping.entry(entry, port.podGids().contains(entry)));
      }
    }
    int slots = port.attributes().gidTableLength();
    return Integer.compareUnsigned(request.getIndex(), slots) < 0
        ? answer.setEmptySlot(EmptySlot.getDefaultInstance())
        : answer.setNoSuchIndex(NoSuchIndex.newBuilder().setSlots(slots));
  }

  /** The device with one of its ports, or none; with all for port 0. */
  private static Device withPort(Device device, int number) {
    return number == 0
        ? device
        : new Device(
            device.name(),
            device.uverbs(),
            device.attributes(),
            device.ports().stream().filter(port -> port.number() == number).toList(),
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
