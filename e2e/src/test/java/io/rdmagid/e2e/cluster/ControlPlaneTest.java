package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static ControlPlane controlPlane;

  @RegisterExtension private final CollectOnFailure diagnostics = CollectOnFailure.of(controlPlane);

  @BeforeAll
  static void start() {
    controlPlane =
        ControlPlane.start(folder, new User("writer", "writer", List.of("system:masters")));
  }

  @AfterAll
  static void stop() {
    controlPlane.stop();
  }

  @Test
  void crdsAreEstablished() {
    controlPlane.applyCrds();
    assertThat(controlPlane.kubectl().kubectl("get", "rdmagids")).isEmpty();
  }

  @Test
  void aWriteIsInTheAuditLog() {
    Instant before = Instant.now();
    Kubectl writer = controlPlane.kubectl("writer");
    String _ = writer.kubectl("create", "configmap", "written");
    String _ = writer.kubectl("get", "configmap", "written");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(controlPlane.writesBy("writer", before))
                .singleElement()
                .satisfies(write -> {
                  assertThat(write.verb()).isEqualTo("create");
                  assertThat(write.resource()).isEqualTo("configmaps");
                  assertThat(write.accepted()).isTrue();
                }));
  }

  @Test
  void dataIsThereAfterTheApiServerWasAway() {
    Kubectl admin = controlPlane.kubectl();
    String _ = admin.kubectl("create", "configmap", "kept");
    controlPlane.stopApiServer();
    assertThat(admin.run("get", "configmap", "kept").ok()).isFalse();
    controlPlane.startApiServer();
    assertThat(admin.kubectl("get", "configmap", "kept", "-o", "name")).contains("kept");
  }
}
