package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.kubectl.check.Finding;
import io.rdmagid.kubectl.check.PodChecks;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.kubectl.snapshot.Unreadable;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import io.rdmagid.terminal.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code kubectl rdmagid pods}: who holds what. */
@CommandLine.Command(
    name = "pods",
    description = {
      "Shows the ports that pods hold, a line each, with the index to use,",
      "and below what is wrong with them."
    },
    sortOptions = false)
final class PodsCommand implements Callable<Integer> {
  @CommandLine.Parameters(
      paramLabel = "POD",
      arity = "0..*",
      description = "Only these; by default all.")
  private List<String> names = new ArrayList<>();

  @CommandLine.Option(
      names = {"-l", "--selector"},
      paramLabel = "SELECTOR",
      description = "Only pods whose labels match, such as app=train,rank!=0.")
  private @Nullable String selector;

  @CommandLine.Mixin private NamespaceOption namespace = new NamespaceOption();
  @CommandLine.Mixin private Printer printer = new Printer();
  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    return cluster.read(this::show);
  }

  private int show(Cluster read, String usual) {
    String within = namespace.name(usual);
    Predicate<PodName> wanted = wanted(read, within);
    // Without ports: a fleet has many, and whether they disagree is asked by check.
    Snapshot snapshot = Snapshot.of(List.of(), List.of(), read.assignments(within), List.of());
    List<PodAssignment> pods =
        snapshot.assignments().stream().filter(pod -> wanted.test(pod.name())).toList();
    List<Finding> findings = new ArrayList<>();
    pods.forEach(pod -> findings.addAll(PodChecks.of(snapshot, pod)));
    for (Unreadable object : snapshot.unreadable()) {
      if (!object.namespace().isEmpty()
          && wanted.test(new PodName(object.namespace(), object.name()))) {
        findings.add(new Finding.OfObject(object));
      }
    }
    print(pods, findings);
    if (pods.isEmpty() && findings.isEmpty()) {
      cluster.tell(
          "no such pod holds a port"
              + (within.isEmpty() ? "" : " in namespace " + within + ": try -A"));
      return ExitCode.NOTHING;
    }
    return ExitCode.FOUND;
  }

  /** Which pods are meant, by name and label; the labels are the pods', so these are read, too. */
  private Predicate<PodName> wanted(Cluster read, String within) {
    Predicate<PodName> named = pod -> names.isEmpty() || names.contains(pod.name());
    if (selector == null) {
      return named;
    }
    Set<PodName> selected = read.pods(within, selector);
    return named.and(selected::contains);
  }

  private void print(List<PodAssignment> pods, List<Finding> findings) {
    if (printer.isText()) {
      TextTable table = PodRows.table(pods, namespace.isAll(), printer.isWide());
      List<String> lines = new ArrayList<>();
      if (!table.isEmpty()) {
        lines.addAll(table.lines(printer.colours()));
      }
      if (!findings.isEmpty()) {
        if (!lines.isEmpty()) {
          lines.add("");
        }
        lines.addAll(Findings.table(findings).lines(printer.colours(), printer.isWide()));
      }
      printer.text(lines);
      return;
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode ports = document.putArray("ports");
    List<ObjectNode> lines = new ArrayList<>();
    for (PodAssignment pod : pods) {
      for (AssignedPort port : pod.assignment().ports()) {
        ObjectNode line = PodRows.json(pod, port);
        ports.add(line);
        lines.add(line);
      }
    }
    document.set("findings", Findings.json(findings));
    printer.data(document, lines);
  }
}
