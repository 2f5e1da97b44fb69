package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * docs/threads.md and the threads of the agent as it runs: every thread is listed, and every thread
 * that is listed without "at times" or "virtual" is there. Numbers in names are written N.
 */
@ExtendWith(CollectOnFailure.class)
class ThreadsTest {
  /** Of a dump by SIGQUIT, which goes to the container's output. */
  private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\" ", Pattern.MULTILINE);

  private static final String BEGIN = "Full thread dump";
  private static final String END = "JNI global refs";
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  @Test
  void theAgentsThreadsAreThoseOfTheDocs(TestInfo test) throws IOException {
    InstalledAgents agents = InstalledAgents.up(test);
    Node node = agents.testbed().nodeA();
    Set<String> running = threads(agents.testbed().kubectl(), node);

    assertThat(listed(Set.of("at times", "virtual", ""))).containsAll(running);
    assertThat(running).containsAll(listed(Set.of("")));
  }

  private static Set<String> threads(Kubectl kubectl, Node node) {
    String pod = AgentInstallation.pod(kubectl, node);
    int before = log(kubectl, pod).split(END, -1).length;
    String _ = node.sh("kill -QUIT " + InstalledAgents.PROCESS);
    InstalledAgents.await(
        () -> assertThat(log(kubectl, pod).split(END, -1)).hasSizeGreaterThan(before));
    String log = log(kubectl, pod);
    return names(THREAD, log.substring(log.lastIndexOf(BEGIN)));
  }

  private static String log(Kubectl kubectl, String pod) {
    return kubectl.kubectl("-n", AgentInstallation.NAMESPACE, "logs", pod);
  }

  /**
   * The names in the first column of those rows of the document's tables that have one of these
   * notes.
   */
  private static Set<String> listed(Set<String> notes) throws IOException {
    List<String> rows =
        Files.readAllLines(Checkout.root().resolve("docs/threads.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows).as("rows of docs/threads.md").isNotEmpty();
    return rows.stream()
        .map(row -> row.split("\\|", -1)[1])
        .filter(first -> notes.contains(note(first)))
        .flatMap(first -> names(NAME, first).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String note(String first) {
    return Stream.of("at times", "virtual").filter(first::contains).findFirst().orElse("");
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1).replaceAll("[0-9]+", "N"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
