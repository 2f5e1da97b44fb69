package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.kubectl.check.Finding;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.kubectl.explain.PodStory;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code kubectl rdmagid explain}: why a pod has the index that it has. */
@CommandLine.Command(
    name = "explain",
    description = {
      "Explains the index of each port that a pod holds: the rule, the port's entries, what each",
      "library does with what the pod is told, conditions, and what changed when."
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  private static final Pattern POD = Pattern.compile("(?:(?:po|pod|pods)/)?([^/]+)");

  @CommandLine.Parameters(paramLabel = "pod/NAME", description = "The pod.")
  private String pod = "";

  @CommandLine.Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Its namespace; by default that of the context.")
  private @Nullable String namespace;

  @CommandLine.Mixin private Printer printer = new Printer();
  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Matcher name = POD.matcher(pod);
    if (!name.matches()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "'" + pod + "' is not a pod: pod/NAME is expected");
    }
    return cluster.read((read, usual) ->
        explain(read, new PodName(Objects.requireNonNullElse(namespace, usual), name.group(1))));
  }

  private int explain(Cluster read, PodName name) {
    // First, because a list tells that there are no CRDs; one object is only not there.
    List<RdmaGidPool> pools = read.pools();
    Optional<RdmaGidAssignment> object = read.assignment(name);
    if (object.isEmpty()) {
      cluster.tell(
          read.pod(name).isEmpty()
              ? "there is no pod " + name
              : "pod "
                  + name
                  + " holds no port: its containers ask for none, or its node's agent has not told"
                  + " of it");
      return ExitCode.NOTHING;
    }
    String node =
        object.get().getSpec() == null || object.get().getSpec().nodeName() == null
            ? ""
            : object.get().getSpec().nodeName();
    Snapshot snapshot = Snapshot.of(read.ports(node), pools, List.of(object.get()), List.of());
    if (snapshot.assignments().isEmpty()) {
      snapshot
          .unreadable()
          .forEach(unread -> {
            Finding finding = new Finding.OfObject(unread);
            cluster.tell(finding.subject() + " is not understood: " + finding.message());
          });
      return ExitCode.NOTHING;
    }
    PodAssignment assignment = snapshot.assignments().getFirst();
    print(PodStory.of(snapshot, assignment, read.pod(name), read.events(name)));
    return ExitCode.FOUND;
  }

  private void print(PodStory story) {
    if (printer.isText()) {
      printer.text(StoryText.of(story, printer.colours(), printer.isWide()));
    } else {
      ObjectNode document = StoryJson.of(story);
      printer.data(document, List.of(document));
    }
  }
}
