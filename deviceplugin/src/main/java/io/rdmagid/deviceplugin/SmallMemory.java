package io.rdmagid.deviceplugin;

import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.ProcessMemory;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the agent holds of the node's memory close to what it uses, in a thread that ends with
 * the process. Where the kernel refuses, the agent is bigger and works as well.
 */
final class SmallMemory {
  private static final Logger LOG = LoggerFactory.getLogger(SmallMemory.class);

  /** As often as the JVM trims its native heap (deploy/pom.xml). */
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private SmallMemory() {}

  static void start() {
    Thread _ = Thread.ofPlatform().name("memory").daemon().start(SmallMemory::run);
  }

  private static void run() {
    try (ProcessMemory memory = new ProcessMemory()) {
      int refused = memory.noHugePages();
      while (refused == 0) {
        Thread.sleep(BETWEEN);
        refused = memory.returnCleanPages();
      }
      LOG.atInfo().addKeyValue("reason", Errno.describe(refused)).log("memory is not returned");
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("reason", e.toString()).log("memory is not returned");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
