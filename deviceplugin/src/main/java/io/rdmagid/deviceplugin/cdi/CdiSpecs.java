package io.rdmagid.deviceplugin.cdi;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.Later;
import io.rdmagid.deviceplugin.pace.Retries;
import io.rdmagid.deviceplugin.pace.TokenBucket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the CDI spec of the node's RDMA devices as the inventory is: one file, written only when it
 * is not as it should be. What is refused is tried again after pauses that double. Its methods may
 * come from any thread.
 */
final class CdiSpecs {
  /** Its name, by the custom of CDI: vendor and class. */
  static final String FILE = "rdmagid.io-rdma.json";

  /** So many times it is brought back at once: somebody else may want another file there. */
  static final int AT_ONCE = 5;

  static final Duration BETWEEN = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(CdiSpecs.class);

  /** CDI reads files that end in .json and .yaml only. */
  private static final String TEMPORARY = ".rdmagid.io-rdma.tmp";

  private final Path folder;
  private final Path file;
  private final SpecText text;
  private final LongSupplier ticker;
  private final Retries retries;
  private final TokenBucket bringsBack = new TokenBucket(AT_ONCE, BETWEEN);
  private @Nullable Inventory inventory;
  private byte[] wanted = {};
  private @Nullable IOException refusal;

  /**
   * Writes nothing yet.
   *
   * @param folder where the runtime looks for specs that do not outlive a boot, /var/run/cdi; made
   *     if it is not there
   * @param later does what is tried again
   * @param ticker nanoseconds, as {@link System#nanoTime} has them
   */
  CdiSpecs(Path folder, SpecText text, Later later, LongSupplier ticker) {
    this.folder = folder;
    this.file = folder.resolve(FILE);
    this.text = text;
    this.ticker = ticker;
    this.retries = new Retries(Doubling.OF_FILES, later, this::look);
  }

  /** Makes the file as the inventory is. One that cannot be written is logged. */
  synchronized void update(Inventory newest) {
    inventory = newest;
    bring(newest, true);
  }

  /**
   * Makes the file as it should be, where somebody took it away or changed it, or where there are
   * other device nodes now. Nothing before the first inventory.
   */
  synchronized void look() {
    Inventory known = inventory;
    if (known != null) {
      bring(known, false);
    }
  }

  /** Why pods cannot have devices by it, if they cannot; looks at the file. */
  synchronized Optional<String> objection() {
    if (inventory == null) {
      return Optional.of("the CDI spec is not written yet");
    }
    IOException refused = refusal;
    if (refused != null) {
      return Optional.of("the CDI spec cannot be written: " + refused);
    }
    try {
      return isAsWanted()
          ? Optional.empty()
          : Optional.of("somebody else removed or changed the CDI spec");
    } catch (IOException e) {
      return Optional.of("the CDI spec cannot be read: " + e);
    }
  }

  private void bring(Inventory known, boolean atOnce) {
    wanted = text.of(known).getBytes(StandardCharsets.UTF_8);
    try {
      if (!isAsWanted()) {
        if (!atOnce && !mayBringBack()) {
          retries.refused();
          return;
        }
        write();
      }
      refusal = null;
      retries.done();
    } catch (IOException e) {
      refusal = e;
      retries.refused();
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("CDI spec not written");
    }
  }

  private boolean mayBringBack() {
    long now = ticker.getAsLong();
    if (bringsBack.dueAt(now).isPresent()) {
      return false;
    }
    bringsBack.take(now);
    return true;
  }

  private void write() throws IOException {
    if (wanted.length == 0) {
      Files.deleteIfExists(file);
    } else {
      Files.createDirectories(folder);
      // The runtime's cache watches rename, remove and write, not create: so this very folder.
      Path temporary = folder.resolve(TEMPORARY);
      Files.write(temporary, wanted);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      LOG.atInfo().addKeyValue("file", file).log("CDI spec written");
    }
  }

  private boolean isAsWanted() throws IOException {
    try {
      return Arrays.equals(wanted, Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return wanted.length == 0;
    }
  }
}
