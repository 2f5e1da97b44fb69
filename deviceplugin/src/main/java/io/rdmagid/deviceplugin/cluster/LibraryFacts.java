package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.library.GidTable;
import io.rdmagid.library.Libraries;
import io.rdmagid.library.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an RdmaGid says of the libraries. Pure. */
final class LibraryFacts {
  private LibraryFacts() {}

  /** What each library takes where nothing tells it. */
  static List<LibraryPick> picks(Port port, Optional<GidEntry> preferred) {
    List<LibraryPick> picks = new ArrayList<>();
    port.picks(Libraries.ALL, Map.of())
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

  /** The libraries that land elsewhere although they are told to take the entry. */
  static List<String> elsewhere(String device, Port port, GidEntry preferred) {
    GidTable table = port.asLibrariesSeeIt();
    ChosenPort chosen =
        new ChosenPort(device, port.number(), preferred.index(), preferred.gid(), preferred.type());
    return Libraries.elsewhere(List.of(chosen), chosen, table);
  }
}
