package io.rdmagid.deviceplugin.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.deviceplugin.workload.AllocationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwappedFoldersTest {
  private static final String HASH = new AllocationId("rail", List.of("a:1::0")).hash();

  @TempDir Path temporary;
  private SwappedFolders folders;

  @BeforeEach
  void start() {
    folders = new SwappedFolders(temporary.resolve("allocations"));
  }

  @Test
  void aReaderSeesOneSetOrTheOther() throws IOException {
    folders.swap(HASH, Map.of("env", "1", "nccl.conf", "1"));
    Path folder = folders.folder(HASH);
    // What a process holds that has opened the set: a folder of one generation.
    Path before = folder.resolve("..data").toRealPath();
    folders.swap(HASH, Map.of("env", "2", "nccl.conf", "2"));
    Path after = folder.resolve("..data").toRealPath();
    assertThat(after).isNotEqualTo(before);
    assertThat(Files.readString(folder.resolve("env"))).isEqualTo("2");
    assertThat(Files.readString(folder.resolve("nccl.conf"))).isEqualTo("2");
  }

  @Test
  void theFolderThatContainersHaveMountedStaysTheSame() throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Object before = Files.getAttribute(folders.folder(HASH), "unix:ino");
    folders.swap(HASH, Map.of("env", "2"));
    assertThat(Files.getAttribute(folders.folder(HASH), "unix:ino")).isEqualTo(before);
  }

  @Test
  void formerSetsAreRemovedThoseOfAKilledAgentToo() throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Files.createDirectory(folders.folder(HASH).resolve("..set-of-a-killed-one"));
    folders.swap(HASH, Map.of("env", "2"));
    try (Stream<Path> entries = Files.list(folders.folder(HASH))) {
      assertThat(entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)))
          .hasSize(1);
    }
  }

  @Test
  void everybodyCanReadAndNobodyButRootWrite() throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Path folder = folders.folder(HASH);
    Path set = folder.resolve("..data").toRealPath();

    assertThat(mode(folder.getParent())).isEqualTo("rwxr-xr-x");
    assertThat(mode(folder)).as("what a pod has mounted").isEqualTo("r-xr-xr-x");
    assertThat(mode(set)).isEqualTo("r-xr-xr-x");
    assertThat(mode(set.resolve("env"))).isEqualTo("r--r--r--");
  }

  /** As a umask or a former agent left it. */
  @Test
  void aFolderOfAnotherModeGetsItsOwn() throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Path folder = folders.folder(HASH);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

    folders.swap(HASH, Map.of("env", "2"));

    assertThat(mode(folder)).isEqualTo("r-xr-xr-x");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** A pod has the folder read-only and can plant none; were it not so, nothing would be lost. */
  @ParameterizedTest
  @ValueSource(strings = {"..data", "..data-next", "env", "..set-1", "nccl.conf"})
  void aLinkThatLeadsElsewhereIsNotFollowed(String place) throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("env"), "another's");
    Path target = place.startsWith("..") ? elsewhere : elsewhere.resolve("env");
    Path planted = folders.folder(HASH).resolve(place);
    Files.deleteIfExists(planted);
    Files.createSymbolicLink(planted, target);

    folders.swap(HASH, Map.of("env", "2", "nccl.conf", "2"));

    assertThat(Files.readString(folders.folder(HASH).resolve("env"))).isEqualTo("2");
    assertThat(Files.readString(folders.folder(HASH).resolve("nccl.conf"))).isEqualTo("2");
    folders.remove(HASH);
    assertThat(folders.exists(HASH)).isFalse();
    assertThat(elsewhere).isDirectoryContaining("glob:**/env");
    assertThat(Files.readString(elsewhere.resolve("env"))).isEqualTo("another's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..data", "..data-next", "env", "..set-1"})
  void aFolderIsTakenAwayWithoutWhatALinkInItLeadsTo(String place) throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("env"), "another's");
    Path planted = folders.folder(HASH).resolve(place);
    Files.deleteIfExists(planted);
    Files.createSymbolicLink(planted, elsewhere);

    folders.withdraw(HASH);
    folders.remove(HASH);

    assertThat(folders.exists(HASH)).isFalse();
    assertThat(Files.readString(elsewhere.resolve("env"))).isEqualTo("another's");
  }

  @Test
  void aLinkInPlaceOfTheFolderItselfIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(elsewhere.resolve("..data"), Path.of("another's"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(folders.folder(HASH), elsewhere);
    assertThat(folders.hashes()).isEmpty();

    folders.withdraw(HASH);
    assertThat(Files.isSymbolicLink(elsewhere.resolve("..data"))).isTrue();
    assertThat(folders.exists(HASH)).isFalse();

    Files.deleteIfExists(folders.folder(HASH));
    Files.createSymbolicLink(folders.folder(HASH), elsewhere);
    folders.swap(HASH, Map.of("env", "1"));
    assertThat(folders.exists(HASH)).isTrue();
    assertThat(Files.readString(folders.folder(HASH).resolve("env"))).isEqualTo("1");
    assertThat(elsewhere).isDirectoryNotContaining("glob:**/env");
    assertThat(mode(elsewhere)).isEqualTo("rwx------");
  }

  @Test
  void whereASetCannotBeWrittenThereIsNone() throws IOException {
    folders.swap(HASH, Map.of("env", "1"));
    // A name that no file can have stands for a disk that is full.
    assertThatThrownBy(() -> folders.swap(HASH, Map.of("env", "2", "no/such", "2")))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(Files.exists(folders.folder(HASH).resolve("env"))).isFalse();
    folders.swap(HASH, Map.of("env", "3"));
    assertThat(Files.readString(folders.folder(HASH).resolve("env"))).isEqualTo("3");
  }

  @Test
  void tellsWhichFoldersAreThere() throws IOException {
    assertThat(folders.hashes()).isEmpty();
    folders.swap(HASH, Map.of("env", "1"));
    Files.createDirectory(temporary.resolve("allocations").resolve("lost+found"));
    assertThat(folders.hashes()).containsExactly(HASH);
    folders.withdraw(HASH);
    assertThat(folders.hashes()).containsExactly(HASH);
    folders.remove(HASH);
    assertThat(folders.hashes()).isEmpty();
  }

  @Test
  void onlyOurOwnFoldersHaveAHash() {
    assertThat(folders.hashOf(folders.folder(HASH))).contains(HASH);
    assertThat(folders.hashOf(temporary.resolve("allocations"))).isEmpty();
    assertThat(folders.hashOf(folders.folder(HASH).resolve("env"))).isEmpty();
    assertThat(folders.hashOf(temporary.resolve("allocations/../allocations"))).isEmpty();
    assertThat(folders.hashOf(Path.of("/"))).isEmpty();
  }

  @Test
  void aFolderIsRemovedWithAllInIt() {
    folders.swap(HASH, Map.of("env", "1"));
    folders.remove(HASH);
    assertThat(folders.exists(HASH)).isFalse();
    folders.remove(HASH);
  }
}
