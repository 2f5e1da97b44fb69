package io.rdmagid.e2e.cluster;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A test class with a control plane of its own, which it starts into {@link #cluster}. */
abstract class OnOperatorCluster {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  static OperatorCluster cluster;

  @RegisterExtension
  final CollectOnFailure diagnostics = CollectOnFailure.of(cluster.controlPlane());

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }
}
