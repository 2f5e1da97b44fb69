package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.kubectl.check.Checks;
import io.rdmagid.kubectl.check.Finding;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code kubectl rdmagid check}: what is wrong. */
@CommandLine.Command(
    name = "check",
    description = {
      "Looks for what is wrong with all ports and pools, and with the pods of a namespace,",
      "or of all. Exit code 0 says that nothing is, 1 that something is."
    },
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @CommandLine.Mixin private NamespaceOption namespace = new NamespaceOption();
  @CommandLine.Mixin private Printer printer = new Printer();
  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    return cluster.read(this::check);
  }

  private int check(Cluster read, String usual) {
    Snapshot snapshot = read.snapshot(namespace.name(usual));
    List<Finding> findings = Checks.of(snapshot);
    if (printer.isText()) {
      List<String> lines = new ArrayList<>();
      if (!findings.isEmpty()) {
        lines.addAll(Findings.table(findings).lines(printer.colours(), printer.isWide()));
        lines.add("");
      }
      lines.add(summary(snapshot, findings.size()));
      printer.text(lines);
    } else {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document
          .put("nodes", snapshot.nodes().size())
          .put("ports", snapshot.ports().size())
          .put("pools", snapshot.pools().size())
          .put("pods", snapshot.assignments().size())
          .set("findings", Findings.json(findings));
      printer.data(document, findings.stream().map(Findings::json).toList());
    }
    return findings.isEmpty() ? ExitCode.FOUND : ExitCode.NOTHING;
  }

  private static String summary(Snapshot snapshot, int findings) {
    return (findings == 0 ? "nothing" : findings == 1 ? "1 thing" : findings + " things")
        + (findings > 1 ? " are" : " is")
        + " wrong; looked at: nodes "
        + snapshot.nodes().size()
        + ", ports "
        + snapshot.ports().size()
        + ", pools "
        + snapshot.pools().size()
        + ", pods "
        + snapshot.assignments().size();
  }
}
