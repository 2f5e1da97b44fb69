package io.rdmagid.deviceplugin.cdi;

import io.rdmagid.deviceplugin.folder.FolderWatch;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.pace.Later;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The folders of CDI specs: keeps ours as it should be, and reads those of others, whenever
 * something happens there. Its methods may come from any thread.
 */
public final class CdiEdge implements AutoCloseable {
  private final CdiSpecs ours;
  private final OtherSpecs others;
  private final FolderWatch watch;

  /**
   * Where things are.
   *
   * @param specs where the runtime looks for specs that do not outlive a boot, usually /var/run/cdi
   * @param staticSpecs where it looks for others, usually /etc/cdi; need not be there
   * @param deviceNodes usually /dev/infiniband
   * @param sysfs usually /sys
   */
  public record Paths(Path specs, Path staticSpecs, Path deviceNodes, Path sysfs) {}

  private CdiEdge(
      Paths paths, Later later, LongSupplier ticker, Consumer<Map<String, Set<String>>> listener)
      throws IOException {
    List<Path> folders = List.of(paths.staticSpecs(), paths.specs());
    SpecText text = new SpecText(paths.deviceNodes(), paths.sysfs());
    ours = new CdiSpecs(paths.specs(), text, later, ticker);
    others = new OtherSpecs(folders, listener);
    watch = FolderWatch.start("cdi-folders", folders, this::happened);
  }

  /**
   * Reads the specs of others, and then whenever there is something new. Ours is not touched before
   * the first {@link #update}.
   *
   * @param later does again what was refused
   * @param listener gets the names of the device nodes ("uverbs0") by the kind of the specs of
   *     others that name them ("nvidia.com/net-rdma"); by one thread at a time
   * @throws IOException if the kernel refuses to watch folders
   */
  public static CdiEdge start(Paths paths, Later later, Consumer<Map<String, Set<String>>> listener)
      throws IOException {
    return start(paths, later, System::nanoTime, listener);
  }

  /** The same with a time of the test's own. */
  static CdiEdge start(
      Paths paths, Later later, LongSupplier ticker, Consumer<Map<String, Set<String>>> listener)
      throws IOException {
    CdiEdge edge = new CdiEdge(paths, later, ticker, listener);
    edge.look();
    return edge;
  }

  /** The node's devices are now these; our spec has them when this returns, if that can be. */
  public void update(Inventory inventory) {
    ours.update(inventory);
    boolean _ = takeInFolders();
  }

  /**
   * Makes our spec as it should be where no event told that it is not, such as when a device node
   * has come for devices that were there, and takes in folders that have come since.
   */
  public void look() {
    ours.look();
    boolean _ = takeInFolders();
  }

  /** Why new pods cannot have devices, if they cannot. */
  public Optional<String> objection() {
    return ours.objection();
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }

  /** Whether there were some, and all specs were looked at for that. */
  private boolean takeInFolders() {
    if (watch.watchesAll() || watch.watch().isEmpty()) {
      return false;
    }
    ours.look(); // for what happened before it was watched
    others.read();
    return true;
  }

  private void happened(FolderWatch.Happening happening, String file) {
    switch (happening) {
      case MADE, CHANGED, REMOVED -> {
        if (file.equals(CdiSpecs.FILE)) {
          ours.look();
        } else if (OtherSpecs.isSpec(file)) {
          others.read();
        }
      }
      case LOST, FOLDER_GONE -> {
        ours.look(); // first: it makes our folder
        if (!takeInFolders()) {
          others.read();
        }
      }
    }
  }
}
