package io.rdmagid.deviceplugin.workload;

import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders without a record that can be read: of another version, as after a way back to a former
 * release, or damaged. Nobody knows whose they are, so nothing brings them to new tables: what they
 * say would be wrong sooner or later. It belongs to the workload's thread.
 */
final class StrayFolders {
  private static final Logger LOG = LoggerFactory.getLogger(StrayFolders.class);

  private final AllocationFolders folders;
  private final Predicate<String> known;

  /**
   * Touches nothing yet.
   *
   * @param known whether there is a record of this hash
   */
  StrayFolders(AllocationFolders folders, Predicate<String> known) {
    this.folders = folders;
    this.known = known;
  }

  /**
   * Leaves them without files. The folders stay, since containers may have them mounted.
   *
   * @throws UncheckedIOException if nobody can tell which there are, or the disk refuses one of
   *     them, which keeps its files then; all others are without
   */
  void withdraw() {
    Set<String> strays = strays();
    each(strays, folders::withdraw);
    if (!strays.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("folders", strays)
          .log("folders without a record, their containers have no files");
    }
  }

  /**
   * Removes those that no container has. A container that comes for one of them all the same is
   * refused, whether or not its folder is there: nobody knows its allocation.
   *
   * @param containers all that the runtime has
   */
  void removeAllBut(List<ContainerSpec> containers) {
    try {
      Set<String> unused = strays();
      containers.forEach(container -> unused.removeAll(folders.hashesOf(container)));
      each(unused, folders::remove);
    } catch (UncheckedIOException e) {
      LOG.atWarn()
          .setCause(e)
          .log("folders without a record stay until the runtime synchronizes again");
    }
  }

  private Set<String> strays() {
    Set<String> strays = new HashSet<>(folders.hashes());
    strays.removeIf(known);
    return strays;
  }

  /** Takes the step with all of them, and then throws what the disk refused first. */
  private static void each(Set<String> hashes, Consumer<String> step) {
    UncheckedIOException refusal = null;
    for (String hash : hashes) {
      try {
        step.accept(hash);
      } catch (UncheckedIOException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }
}
