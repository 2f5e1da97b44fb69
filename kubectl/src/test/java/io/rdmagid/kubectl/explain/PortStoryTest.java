package io.rdmagid.kubectl.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.kubectl.explain.LibraryFate.Lands;
import io.rdmagid.kubectl.snapshot.Clusters;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why worker-0 of a healthy cluster has index 3 of node-a/mlx5_0/1, and what edits make of it. */
class PortStoryTest {
  private static final String OF_POD =
      "scope Pod: judged by the pod's record; its own table only the agent can see";

  private static PortStory story(String yaml) {
    Snapshot snapshot = Clusters.snapshot(yaml);
    PodAssignment pod = snapshot.assignments().getFirst();
    return PortStory.of(snapshot, pod, pod.assignment().ports().getFirst());
  }

  private static List<String> remarks(PortStory story) {
    return story.entries().stream()
        .map(remark -> remark.entry().index() + " " + remark.remark())
        .toList();
  }

  /** The table with these lines after its own entries. */
  private static String withEntries(String... lines) {
    return Clusters.edited(
        1, "    preferred:", "      " + String.join("\n      ", lines) + "\n    preferred:");
  }

  private static List<String> fates(PortStory story, String library) {
    return story.libraries().stream()
        .filter(fate -> fate.library().equals(library))
        .map(fate -> fate.index() + " " + fate.lands() + " " + fate.why())
        .toList();
  }

  @Test
  void withScopeHostTheHostsTableSaysWhyTheIndex() {
    PortStory story =
        story(
            withEntries(
                "- {index: 4, gid: '::ffff:10.1.0.4', type: RoCEv2, ifindex: 3}",
                "- {index: 5, gid: '::ffff:172.16.0.4', type: RoCEv2, ifindex: 3}",
                "- {index: 6, gid: '::ffff:172.16.0.4', type: RoCEv1, ifindex: 3}",
                "- {index: 7, gid: '::ffff:169.254.0.4', type: RoCEv1, ifindex: 3}"));

    assertThat(story.judgedBy()).isEqualTo(JudgedBy.HOST_TABLE);
    assertThat(story.why())
        .containsExactly(
            "chosen by rule 1 of pool rail: RoCEv2 IPv4 GID in 10.1.0.0/16",
            "scope Host: judged by the host's table, as the port's RdmaGid shows it");
    assertThat(remarks(story))
        .containsExactly(
            "0 not of the rule's type or family",
            "1 not of the rule's family",
            "2 not of the rule's type",
            "3 given: the rule's first choice",
            "4 would do; a higher index",
            "5 not in a subnet of the rule",
            "6 not of the rule's type or subnets",
            "7 link-local, not of the rule's type");
    assertThat(fates(story, "nccl")).containsExactly("OptionalInt[3] YES NCCL_IB_GID_INDEX=3");
  }

  @Test
  void anEntryThatNoProgramCanUseIsNotChosen() {
    String other = "- {index: 5, gid: '::ffff:10.1.0.5', type: RoCEv2, ifindex: 3}";
    String before =
        Clusters.edited(withEntries(other), 1, "    gids:", "    unusable: [3]\n    gids:");
    String after =
        Clusters.edited(
            before,
            6,
            "gidIndex: 3, gid: '::ffff:10.1.0.1'",
            "gidIndex: 5, gid: '::ffff:10.1.0.5'");

    assertThat(remarks(story(before)))
        .contains("3 given, but no program can use the address now", "5 the rule's first choice");
    assertThat(remarks(story(after)))
        .contains("3 no program can use the address now", "5 given: the rule's first choice");
  }

  @Test
  void whatIsGivenAndIsNotTheFirstChoiceIsSaid() {
    PortStory story =
        story(
            Clusters.edited(
                withEntries("- {index: 5, gid: '::ffff:10.1.0.5', type: RoCEv2, ifindex: 3}"),
                6,
                "gidIndex: 3, gid: '::ffff:10.1.0.1'",
                "gidIndex: 5, gid: '::ffff:10.1.0.5'"));

    assertThat(remarks(story))
        .contains("3 the rule's first choice", "5 given, but not the rule's first choice");
  }

  /** A GID that nothing tells from another is of a pod, maybe. */
  @Test
  void twoSlotsWithTheSameAreNobodysChoice() {
    PortStory story =
        story(withEntries("- {index: 5, gid: '::ffff:10.1.0.1', type: RoCEv2, ifindex: 3}"));

    assertThat(remarks(story))
        .contains(
            "3 given, but another slot holds the same",
            "5 would do, but another slot holds the same");
  }

  /** The kernel's own GID of a netdev is shown without its address, too. */
  @Test
  void ofLinkLocalEntriesNobodyCanTellWhichIsFirst() {
    String yaml =
        Clusters.edited(
            4,
            "family: IPv4, subnets: [10.1.0.0/16], allowLinkLocal: false",
            "family: IPv6, subnets: [], allowLinkLocal: true");

    assertThat(remarks(story(yaml)))
        .contains("1 would do", "3 given, but not of the rule's family");
  }

  /**
   * The host has the very GID at the very index, and no program there can use it: it is another.
   */
  @Test
  void withScopePodOnlyTheRecordCounts() {
    String yaml =
        Clusters.edited(6, "scope: Host", "scope: Pod")
            .replace("gids:", "unusable: [3]\n    gids:");

    PortStory story = story(yaml);

    assertThat(story.judgedBy()).isEqualTo(JudgedBy.RECORD);
    assertThat(story.why()).endsWith(OF_POD);
    assertThat(remarks(story)).containsExactly("3 given");
    assertThat(story.libraries()).hasSize(8).noneMatch(fate -> fate.lands() == Lands.NO);
  }

  @Test
  void withScopePodTheRecordIsHeldAgainstTheRuleOfNow() {
    String yaml =
        Clusters.edited(
            Clusters.edited(6, "scope: Host", "scope: Pod"), 4, "10.1.0.0/16", "10.2.0.0/16");

    assertThat(remarks(story(yaml))).containsExactly("3 given, but not in a subnet of the rule");
  }

  @Test
  void withScopePodNothingIsKnownBeforeTheChoice() {
    String yaml =
        Clusters.edited(6, "scope: Host", "scope: Pod")
            .replace("state: current", "state: pending")
            .replaceAll("gidIndex: 3, gid: '[^']*', type: RoCEv2", "ruleRevision: 0")
            .replaceAll("(pending.*), ruleRevision: 1", "$1");

    assertThat(story(yaml).entries()).isEmpty();
    assertThat(story(yaml).why()).containsExactly("no rule was applied yet", OF_POD);
  }

  @Test
  void withoutAnRdmaGidTheRecordIsAllThatIsKnown() {
    PortStory story = story(Clusters.edited(6, "nodeName: node-a", "nodeName: node-z"));

    assertThat(story.why())
        .endsWith("scope Host: judged by the pod's record; no RdmaGid shows the port");
    assertThat(remarks(story)).containsExactly("3 given");
  }

  /** Libraries are told by variables; which of them strays only the agent sees. */
  @Test
  void withoutATableEachLibraryIsSaidByWhatItIsToldAndTheAgentFound() {
    String yaml =
        Clusters.edited(6, "nodeName: node-a", "nodeName: node-z")
            .replace("selectorVersion: 1", "selectorVersion: 1, elsewhere: [mooncake]");

    PortStory story = story(yaml);
    assertThat(fates(story, "nccl"))
        .containsExactly("OptionalInt[3] YES told so; the agent found no other");
    assertThat(fates(story, "mooncake")).containsExactly("OptionalInt.empty NO as the agent found");
    assertThat(fates(story, "perftest"))
        .containsExactly(
            "OptionalInt.empty UNKNOWN told nothing, and only the agent sees the table");
    assertThat(fates(story, "libfabric")).containsExactly("OptionalInt[3] YES FI_VERBS_GID_IDX=3");
    assertThat(story.libraries()).hasSize(8);
  }

  @Test
  void withoutATableNoMoreIsSaidThanIsKnown() {
    String yaml = Clusters.edited(6, "nodeName: node-a", "nodeName: node-z");

    PortStory another = story(yaml.replace("selectorVersion: 1", "selectorVersion: 2"));
    assertThat(fates(another, "nccl"))
        .containsExactly("OptionalInt.empty UNKNOWN told by an agent of another version");

    // More than libfabric can be told.
    PortStory high = story(yaml.replace("gidIndex: 3", "gidIndex: 300"));
    assertThat(fates(high, "libfabric"))
        .containsExactly("OptionalInt.empty UNKNOWN nobody knows what it takes");

    PortStory chosen =
        story(yaml.replace("podsPerPort: 4", "podsPerPort: 4\n    libraries: [nccl]"));
    assertThat(fates(chosen, "ucx"))
        .containsExactly(
            "OptionalInt.empty UNKNOWN told nothing, and only the agent sees the table");
  }

  @Test
  void whatTheRdmaGidOnlyCountsIsSaid() {
    PortStory story =
        story(
            Clusters.edited(1, "    gids:", "    podGidCount: 12\n    truncated: true\n    gids:"));

    assertThat(story.why())
        .endsWith(
            "not shown: entries of higher indices than these",
            "not shown: entries of pods, which libraries see, too: 12");
  }

  @Test
  void anAgentThatDoesNotReportMakesItOld() {
    String silent =
        "    conditions: [{type: Reporting, status: 'False', reason: AgentNotReady}]\n    gids:";

    assertThat(story(Clusters.edited(1, "    gids:", silent)).why())
        .endsWith("all this can be old: the node's agent does not report");
  }

  /** It has the whole table, and here are the host's entries only. */
  @Test
  void whatTheAgentFoundCountsMoreThanWhatIsSimulatedHere() {
    PortStory story =
        story(
            Clusters.edited(6, "selectorVersion: 1", "selectorVersion: 1, elsewhere: [mooncake]"));

    assertThat(fates(story, "mooncake")).containsExactly("OptionalInt.empty NO as the agent found");
    assertThat(story.libraries()).filteredOn(fate -> fate.lands() == Lands.YES).hasSize(7);
  }
}
