package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.library.Libraries;
import io.rdmagid.library.Library;
import io.rdmagid.library.Perftest;
import io.rdmagid.library.Pick;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What rdmagid and each library make of one port, and why.
 *
 * @param picks in the order in which they are told
 */
record Explanation(DevicePort port, SequencedMap<Library, Pick> picks) {
  /** A recording's pseudo-variable: perftest reads none, and is told by options. */
  private static final String PERFTEST = "PERFTEST_FLAGS";

  static Explanation of(DevicePort port, Map<String, String> environment) {
    return new Explanation(
        port,
        port.port().picks(Libraries.all(environment.getOrDefault(PERFTEST, "")), environment));
  }

  /** Ours, without a rule. */
  GidSelection choice() {
    return port.choice();
  }

  /** Whether it is our choice. */
  boolean isChosen(GidEntry entry) {
    return choice().equals(new GidSelection.Selected(entry));
  }

  /** Whether a pick is our choice. */
  boolean agrees(Pick pick) {
    return choice() instanceof GidSelection.Selected(GidEntry entry)
        && pick instanceof Pick.Index(int index, _)
        && entry.index() == index;
  }

  /** Why a library picks so, and what would tell it where it reads no variables. */
  String why(Library library, Pick pick) {
    return pick.why()
        + (agrees(pick) ? "" : told(library).map(how -> "; tell it " + how).orElse(""));
  }

  private Optional<String> told(Library library) {
    return library instanceof Perftest
            && choice()
                instanceof GidSelection.Selected(GidEntry(var index, var gid, var type, _, _))
        ? Perftest.options(
            new ChosenPort(port.device().name(), port.port().number(), index, gid, type))
        : Optional.empty();
  }

  /** Why we chose this entry, or why not. */
  String remark(GidEntry entry) {
    if (port.isElsewhere(entry)) {
      return "of another network namespace";
    }
    if (port.port().unusable().contains(entry.index())) {
      return "no program can use the address now";
    }
    if (GidSelector.isLinkLocal(entry)) {
      return "link-local";
    }
    if (!(choice() instanceof GidSelection.Selected(GidEntry chosen))) {
      return "";
    }
    if (entry.equals(chosen)) {
      return "the lowest " + entry.type().text() + " " + entry.gid().family().text() + " GID";
    }
    if (entry.type() != chosen.type()) {
      return chosen.type().text() + " goes first";
    }
    return entry.gid().family() == chosen.gid().family()
        ? "a higher index"
        : chosen.gid().family().text() + " goes first";
  }
}
