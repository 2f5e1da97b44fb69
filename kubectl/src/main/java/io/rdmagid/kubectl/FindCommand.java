package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.terminal.Address;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import io.rdmagid.terminal.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code kubectl rdmagid find}: where in the cluster an address is now. */
@CommandLine.Command(
    name = "find",
    description = {
      "Finds an address in the tables of all ports (the entries of the host's network",
      "namespace), and in what pods of all namespaces were given."
    },
    sortOptions = false)
final class FindCommand implements Callable<Integer> {
  @CommandLine.Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      required = true,
      converter = Address.class,
      description = "The IP address, or GID, in any spelling.")
  private Gid gid = new Gid(0, 0);

  @CommandLine.Mixin private Printer printer = new Printer();
  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  /** An entry of a port's table, or what a pod was given. */
  private sealed interface Place {
    record OfHost(ClusterPort port, GidEntry entry) implements Place {}

    record OfPod(PodAssignment pod, AssignedPort port) implements Place {}
  }

  @Override
  public Integer call() {
    return cluster.read(this::find);
  }

  private int find(Cluster read, String namespaceOfContext) {
    Snapshot snapshot = Snapshot.of(read.ports(), List.of(), read.assignments(""), List.of());
    List<Place> places = places(snapshot);
    if (printer.isText()) {
      TextTable table = table(places, printer.isWide());
      printer.text(table.isEmpty() ? List.of() : table.lines(printer.colours()));
    } else {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("gid", gid.toString()).put("address", gid.address());
      ArrayNode found = document.putArray("places");
      List<ObjectNode> lines = places.stream().map(FindCommand::json).toList();
      lines.forEach(found::add);
      printer.data(document, lines);
    }
    doubts(snapshot);
    if (places.isEmpty()) {
      cluster.tell("nobody has " + gid.address() + " now");
      return ExitCode.NOTHING;
    }
    return ExitCode.FOUND;
  }

  private List<Place> places(Snapshot snapshot) {
    List<Place> places = new ArrayList<>();
    for (ClusterPort port : snapshot.ports()) {
      port.gids().stream()
          .filter(entry -> entry.gid().equals(gid))
          .forEach(entry -> places.add(new Place.OfHost(port, entry)));
    }
    for (PodAssignment pod : snapshot.assignments()) {
      pod.assignment().ports().stream()
          .filter(port -> port.choice().filter(choice -> choice.gid().equals(gid)).isPresent())
          .forEach(port -> places.add(new Place.OfPod(pod, port)));
    }
    return places;
  }

  /** What could hide it. */
  private void doubts(Snapshot snapshot) {
    long truncated = snapshot.ports().stream().filter(ClusterPort::isTruncated).count();
    if (truncated > 0) {
      cluster.tell("ports with more entries than their RdmaGid shows: " + truncated);
    }
    if (!snapshot.unreadable().isEmpty()) {
      cluster.tell(
          "objects that are not understood, which check -A names: " + snapshot.unreadable().size());
    }
  }

  /** What fits a terminal of 80 columns with usual names, and with {@code wide} the rest. */
  private static TextTable table(List<Place> places, boolean wide) {
    List<String> header =
        new ArrayList<>(List.of("NODE", "DEVICE/PORT", "INDEX", "TYPE", "STATE", "WHOSE"));
    if (wide) {
      header.addAll(List.of("CONTAINER", "NETDEV", TextTable.ADDRESS));
    }
    TextTable table = new TextTable(header.toArray(String[]::new));
    for (Place place : places) {
      row(place).ifPresent(row -> table.add(row.subList(0, header.size()).toArray(String[]::new)));
    }
    return table;
  }

  private static Optional<List<String>> row(Place place) {
    return switch (place) {
      case Place.OfHost(ClusterPort port, GidEntry entry) ->
          Optional.of(
              List.of(
                  port.ref().node(),
                  port.ref().device() + "/" + port.ref().port(),
                  Integer.toString(entry.index()),
                  entry.type().text(),
                  port.status().state() == null ? "" : port.status().state(),
                  port.isUsable(entry) ? "host" : "host, not usable now",
                  "",
                  entry.netdev(),
                  entry.gid().address()));
      case Place.OfPod(PodAssignment pod, AssignedPort port) ->
          port.choice()
              .map(choice ->
                  List.of(
                      pod.assignment().nodeName(),
                      port.device() + "/" + port.port(),
                      Integer.toString(choice.index()),
                      choice.type().text(),
                      port.state().text(),
                      pod.name().toString(),
                      port.container(),
                      choice.netdev(),
                      choice.address()));
    };
  }

  private static ObjectNode json(Place place) {
    return switch (place) {
      case Place.OfPod(PodAssignment pod, AssignedPort port) ->
          PodRows.json(pod, port).put("whose", "pod");
      case Place.OfHost(ClusterPort port, GidEntry entry) ->
          JsonNodeFactory.instance
              .objectNode()
              .put("nodeName", port.ref().node())
              .put("device", port.ref().device())
              .put("port", port.ref().port())
              .put("netdev", entry.netdev())
              .put("gidIndex", entry.index())
              .put("type", entry.type().text())
              .put("gid", entry.gid().toString())
              .put("address", entry.gid().address())
              .put("state", port.status().state())
              .put("usable", port.isUsable(entry))
              .put("whose", "host");
    };
  }
}
