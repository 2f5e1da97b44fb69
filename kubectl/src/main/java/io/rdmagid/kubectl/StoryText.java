package io.rdmagid.kubectl;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.kubectl.explain.EntryRemark;
import io.rdmagid.kubectl.explain.LibraryFate;
import io.rdmagid.kubectl.explain.PodStory;
import io.rdmagid.kubectl.explain.PortStory;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/** A pod's story for people. */
final class StoryText {
  private static final String INDENT = "  ";

  /** Seconds of an RFC 3339 time: more is in JSON. */
  private static final int SECONDS = "2026-01-01T00:00:00".length();

  /** Whether there are some or none: what is not shown may have happened. */
  private static final String KEPT =
      "Events are kept for an hour by default: what changed before is not shown";

  private final boolean colours;
  private final boolean wide;
  private final List<String> lines = new ArrayList<>();

  private StoryText(boolean colours, boolean wide) {
    this.colours = colours;
    this.wide = wide;
  }

  /**
   * The lines.
   *
   * @param wide whether a line may be longer than a terminal is wide
   */
  static List<String> of(PodStory story, boolean colours, boolean wide) {
    StoryText text = new StoryText(colours, wide);
    text.add(story);
    return text.lines;
  }

  private void add(PodStory story) {
    lines.add("pod " + story.pod().name() + " on " + story.pod().assignment().nodeName());
    story.ports().forEach(this::add);
    FoldedTable conditions = new FoldedTable("CONDITION", "STATUS", "SINCE", "WHY");
    story
        .conditions()
        .forEach(said ->
            conditions.add(
                "False".equals(said.status()) ? Tone.BAD : Tone.PLAIN,
                said.type(),
                said.status(),
                time(said.since()),
                said.message().isEmpty() ? said.reason() : said.reason() + ": " + said.message()));
    add(conditions);
    FoldedTable events = new FoldedTable("WHEN", "WHAT", "HOW");
    story
        .events()
        .forEach(event -> events.add(Tone.PLAIN, time(event.time()), event.reason(), event.note()));
    add(events);
    lines.add("");
    lines.add(KEPT);
    add(Findings.table(story.findings()));
  }

  private void add(PortStory story) {
    AssignedPort port = story.port();
    lines.add("");
    say(
        "",
        "container " + port.container() + ", " + port.device() + "/" + port.port() + what(port));
    story.why().forEach(why -> say(INDENT, why));
    story.shown().map(StoryText::port).ifPresent(said -> say(INDENT, said));
    variables("variables set when the container was created", port.variables().injected());
    variables("of these outdated", port.variables().outdated());
    variables("variables of the pod's own, which win", port.variables().kept());
    TextTable entries = new TextTable("INDEX", "TYPE", TextTable.ADDRESS, "REMARK");
    for (EntryRemark remark : story.entries()) {
      entries.add(
          remark.given() ? Tone.GOOD : Tone.PLAIN,
          Integer.toString(remark.entry().index()),
          remark.entry().type().text(),
          remark.entry().gid().address(),
          remark.remark());
    }
    addIndented(entries);
    TextTable libraries = new TextTable("LIBRARY", "INDEX", "LANDS", "WHY");
    for (LibraryFate fate : story.libraries()) {
      libraries.add(
          fate.lands() == LibraryFate.Lands.NO ? Tone.BAD : Tone.PLAIN,
          fate.library(),
          fate.index().isPresent() ? Integer.toString(fate.index().getAsInt()) : "",
          fate.lands().text(),
          fate.why());
    }
    addIndented(libraries);
  }

  private static String port(ClusterPort shown) {
    String state = shown.status().state();
    String changed = shown.status().lastChangeTime();
    return "the port is "
        + (state == null ? "in no state that is known" : state)
        + (changed == null ? "" : "; its RdmaGid last changed at " + time(changed));
  }

  private static String what(AssignedPort port) {
    return port.choice()
            .map(choice ->
                ": index "
                    + choice.index()
                    + ", "
                    + choice.type().text()
                    + " "
                    + choice.address()
                    + (choice.netdev().isEmpty() ? "" : " on " + choice.netdev()))
            .orElse(": no index")
        + ", "
        + port.state().text();
  }

  private void variables(String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add(INDENT + what + ":");
      names.forEach(name -> lines.add(INDENT + INDENT + name));
    }
  }

  private void say(String indent, String sentence) {
    lines.addAll(
        wide
            ? List.of(indent + sentence)
            : FoldedTable.folded(indent, indent + INDENT + INDENT, sentence));
  }

  /** The table after an empty line, if it has a row. */
  private void add(FoldedTable table) {
    if (!table.isEmpty()) {
      lines.add("");
      lines.addAll(table.lines(colours, wide));
    }
  }

  /** The table, if it has a row. */
  private void addIndented(TextTable table) {
    if (!table.isEmpty()) {
      table.lines(colours).forEach(line -> lines.add(INDENT + line));
    }
  }

  private static String time(String time) {
    return time.length() <= SECONDS ? time : time.substring(0, SECONDS) + "Z";
  }
}
