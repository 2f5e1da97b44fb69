package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.library.Elsewhere;
import io.rdmagid.library.GidTable;
import io.rdmagid.library.Libraries;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.library.Pick;
import io.rdmagid.library.ToldPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an RdmaGid says of the libraries. Pure.
 *
 * @param picks what each takes where nothing tells it
 * @param elsewhere what each that does not land on the preferred entry does, although it is told
 *     to, such as {@code nccl takes index 1}
 */
record LibraryFacts(List<LibraryPick> picks, List<String> elsewhere) {
  LibraryFacts {
    picks = List.copyOf(picks);
    elsewhere = List.copyOf(elsewhere);
  }

  /** What is said of a port. */
  static LibraryFacts of(String device, Port port, Optional<GidEntry> preferred) {
    GidTable table = port.asLibrariesSeeIt();
    return new LibraryFacts(
        picks(port, table, preferred),
        preferred.map(entry -> elsewhere(device, port, table, entry)).orElse(List.of()));
  }

  private static List<LibraryPick> picks(Port port, GidTable table, Optional<GidEntry> preferred) {
    List<LibraryPick> picks = new ArrayList<>();
    port.picks(table, Libraries.ALL, Map.of())
        .forEach((library, pick) -> {
          Integer index = pick instanceof Pick.Index(int at, _) ? (Integer) at : null;
          picks.add(
              new LibraryPick(
                  library.name(),
                  library.version(),
                  index,
                  index != null && preferred.filter(entry -> entry.index() == index).isPresent()));
        });
    return picks;
  }

  private static List<String> elsewhere(
      String device, Port port, GidTable table, GidEntry preferred) {
    ToldPort chosen =
        new ToldPort(
            new ChosenPort(
                device, port.number(), preferred.index(), preferred.gid(), preferred.type()),
            LibrarySetup.ALL);
    return Libraries.elsewhere(List.of(chosen), chosen, table).stream()
        .map(LibraryFacts::text)
        .toList();
  }

  /** Such as {@code nccl takes index 1}. */
  static String text(Elsewhere elsewhere) {
    return switch (elsewhere.pick()) {
      case Pick.Index(int index, _) -> elsewhere.library() + " takes index " + index;
      case Pick.None(String why) -> elsewhere.library() + " takes none (" + why + ")";
    };
  }
}
