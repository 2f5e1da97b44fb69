package io.rdmagid.deviceplugin.files;

import io.rdmagid.deviceplugin.workload.AllocationFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders whose files change together, in the layout of the kubelet's volumes (AtomicWriter,
 * pkg/volume/util/atomic_writer.go of Kubernetes):
 *
 * <pre>
 * 5f0c…/..set-8/nccl.conf     this set
 * 5f0c…/..data -> ..set-8     replaced by a rename, so readers see one set or the other
 * 5f0c…/nccl.conf -> ..data/nccl.conf
 * </pre>
 *
 * <p>All is readable by everybody, for containers of other users and of user namespaces, and
 * writable by none but root, whatever the umask. Containers have the folder read-only, so no link
 * in it is theirs; and one that stands there all the same is replaced or removed, never followed.
 */
public final class SwappedFolders implements AllocationFolders {
  private static final String DATA = "..data";
  private static final String NEXT = "..data-next";
  private static final String SET = "..set-";
  private static final String ROOT_MODE = "rwxr-xr-x";
  private static final String FOLDER_MODE = "r-xr-xr-x";
  private static final String FILE_MODE = "r--r--r--";
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

  private final Path root;

  /**
   * Makes the folder of folders.
   *
   * @param root such as /var/lib/rdmagid/allocations, the same path in the agent and on the host:
   *     the kubelet is told it
   * @throws UncheckedIOException if it cannot be made
   */
  public SwappedFolders(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root);
      mode(root, ROOT_MODE);
    } catch (IOException e) {
      throw new UncheckedIOException(root + " cannot be made", e);
    }
  }

  @Override
  public Path folder(String hash) {
    return root.resolve(hash);
  }

  @Override
  public boolean exists(String hash) {
    return Files.isDirectory(folder(hash), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Set<String> hashes() {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .flatMap(entry -> hashOf(entry).stream())
          .filter(this::exists)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(root + " cannot be read", e);
    }
  }

  @Override
  public Optional<String> hashOf(Path folder) {
    Path name = folder.getFileName();
    return name != null
            && root.equals(folder.getParent())
            && HASH.matcher(name.toString()).matches()
        ? Optional.of(name.toString())
        : Optional.empty();
  }

  @Override
  public void swap(String hash, Map<String, String> files) {
    Path folder = folder(hash);
    try {
      removeLink(folder);
      Files.createDirectories(folder);
      mode(folder, FOLDER_MODE);
      Path next = writeSet(folder, files);
      link(folder.resolve(NEXT), next.getFileName());
      Files.move(folder.resolve(NEXT), folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
      for (String name : files.keySet()) {
        if (!leadsTo(folder.resolve(name), Path.of(DATA, name))) {
          link(folder.resolve(name), Path.of(DATA, name));
        }
      }
      removeOtherSets(folder, next);
    } catch (IOException e) {
      withdraw(folder, e);
      throw new UncheckedIOException("the files in " + folder + " cannot be written", e);
    }
  }

  @Override
  public void withdraw(String hash) {
    try {
      removeLink(folder(hash));
      Files.deleteIfExists(folder(hash).resolve(DATA));
    } catch (IOException e) {
      throw new UncheckedIOException("the files in " + folder(hash) + " cannot be taken away", e);
    }
  }

  @Override
  public void remove(String hash) {
    try {
      delete(folder(hash));
    } catch (IOException e) {
      throw new UncheckedIOException(folder(hash) + " cannot be removed", e);
    }
  }

  /** One in place of the folder itself. */
  private static void removeLink(Path folder) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      Files.delete(folder);
    }
  }

  private static Path writeSet(Path folder, Map<String, String> files) throws IOException {
    Path set = Files.createTempDirectory(folder, SET);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = set.resolve(file.getKey());
      Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
      mode(path, FILE_MODE);
    }
    mode(set, FOLDER_MODE);
    return set;
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static boolean leadsTo(Path link, Path target) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target);
  }

  private static void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  /** What is left of former sets, those of a run that was killed included. */
  private static void removeOtherSets(Path folder, Path current) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith(SET) && !entry.equals(current)) {
          delete(entry);
        }
      }
    }
  }

  /** No set rather than one that may be wrong by now. */
  private static void withdraw(Path folder, IOException cause) {
    try {
      Files.deleteIfExists(folder.resolve(DATA));
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(tree)) {
        for (Path entry : entries.toList()) {
          delete(entry);
        }
      }
    }
    try {
      Files.delete(tree);
    } catch (NoSuchFileException e) {
      // gone already, which is what was wanted
    }
  }
}
