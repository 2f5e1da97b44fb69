package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerbsNodesTest {
  @Test
  void aNodeHasAName() {
    assertThat(VerbsNodes.name("/dev/infiniband/uverbs12")).contains("uverbs12");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "uverbs0",
        "/dev/uverbs0",
        "/dev/infiniband/uverbs",
        "/dev/infiniband/uverbs0/x",
        "/host/dev/infiniband/uverbs0",
        "/dev/infiniband/umad0",
        "/dev/infiniband/rdma_cm",
        "/dev/infiniband/uverbs0000000000"
      })
  void otherPathsAreNone(String path) {
    assertThat(VerbsNodes.name(path)).isEmpty();
  }
}
