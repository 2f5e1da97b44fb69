package io.rdmagid.deviceplugin.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.AllocationRecord;
import io.rdmagid.deviceplugin.workload.AllocationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link AllocationStore} as a JSON file a record, written aside, synced, and renamed. */
public final class RecordFiles implements AllocationStore {
  private static final Logger LOG = LoggerFactory.getLogger(RecordFiles.class);
  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  /**
   * Makes the folder.
   *
   * @param folder such as /var/lib/rdmagid/records
   * @throws UncheckedIOException if it cannot be made
   */
  public RecordFiles(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be made", e);
    }
  }

  @Override
  public List<AllocationRecord> load() {
    List<AllocationRecord> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
        read(file).ifPresent(records::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read", e);
    }
    return records;
  }

  @Override
  public void write(AllocationRecord record) {
    Path file = file(record.id());
    Path aside = folder.resolve(file.getFileName() + ".next");
    try {
      byte[] text = RecordJson.of(JSON, record).toPrettyString().getBytes(StandardCharsets.UTF_8);
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(text);
        while (buffer.hasRemaining()) {
          int _ = channel.write(buffer);
        }
        channel.force(true);
      }
      // Should a crash of the node bring the former record back, then one of the same ports: its
      // claim, or that it has none, says nothing of another boot. So that can wait for the disk.
      boolean adds = record.claim().isEmpty() || !Files.exists(file);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      if (adds) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
          names.force(true); // the rename, too: fsync(2)
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  @Override
  public void remove(AllocationId id) {
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw new UncheckedIOException(file(id) + " cannot be removed", e);
    }
  }

  private Path file(AllocationId id) {
    return folder.resolve(id.hash() + SUFFIX);
  }

  private static Optional<AllocationRecord> read(Path file) {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
    try {
      return Optional.of(RecordJson.parse(JSON.readTree(text)));
    } catch (IOException | IllegalArgumentException e) { // IOException: the bytes are no text
      // Of another version, or damaged: StrayFolders takes the index out of its folder.
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("record left out");
      return Optional.empty();
    }
  }
}
