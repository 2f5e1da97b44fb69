package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolReconcilerTest {
  /** The server refuses it where somebody else wrote since, and for another pool of the name. */
  @Test
  void aStatusIsWrittenOverTheOneThatWasRead() {
    RdmaGidPool read = new RdmaGidPool();
    read.setMetadata(
        new ObjectMetaBuilder()
            .withName("rails")
            .withUid("uid-1")
            .withResourceVersion("7")
            .withGeneration(2L)
            .withFinalizers(RdmaGidPool.HELD)
            .build());
    RdmaGidPoolStatus status = new RdmaGidPoolStatus(null, 1, 2, 2, 0, null, List.of());

    RdmaGidPool applied = PoolReconciler.applied(read, status);

    assertThat(applied.getMetadata())
        .isEqualTo(
            new ObjectMetaBuilder()
                .withName("rails")
                .withUid("uid-1")
                .withResourceVersion("7")
                .build());
    assertThat(applied.getStatus()).isEqualTo(status);
  }
}
