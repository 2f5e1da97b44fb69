package io.rdmagid.deviceplugin.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.pace.LaterByHand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherSpecsTest {
  private static final long GUARD_SECONDS = 20;

  /** As k8s-rdma-shared-dev-plugin writes it with --use-cdi. */
  private static final String SHARED =
      """
      {"cdiVersion": "0.5.0", "kind": "nvidia.com/net-rdma", "devices": [
        {"name": "0000:19:00.0", "containerEdits": {"deviceNodes": [
          {"path": "/dev/infiniband/rdma_cm", "hostPath": "/dev/infiniband/rdma_cm"},
          {"path": "/dev/infiniband/uverbs0", "hostPath": "/dev/infiniband/uverbs0"}]}},
        {"name": "0000:1a:00.0", "containerEdits": {"deviceNodes": [
          {"path": "/dev/infiniband/uverbs1"}]}}],
       "containerEdits": {}}
      """;

  @TempDir private Path root;
  private final BlockingQueue<Map<String, Set<String>>> told = new LinkedBlockingQueue<>();
  private Path fixed;
  private Path dynamic;
  private @Nullable CdiEdge edge;

  @BeforeEach
  void folders() throws IOException {
    fixed = root.resolve("etc");
    dynamic = Files.createDirectory(root.resolve("run"));
  }

  @AfterEach
  void end() throws IOException {
    if (edge != null) {
      edge.close();
    }
  }

  private CdiEdge start() throws IOException {
    edge =
        CdiEdge.start(
            new CdiEdge.Paths(dynamic, fixed, root.resolve("dev"), root.resolve("sys")),
            new LaterByHand(),
            told::add);
    return edge;
  }

  /** What was told at once. */
  private Map<String, Set<String>> found() throws IOException {
    start();
    assertThat(told).hasSize(1);
    return told.remove();
  }

  /** A file that is written in place can be read half. */
  private void await(Map<String, Set<String>> wanted) throws InterruptedException {
    Map<String, Set<String>> next = null;
    do {
      next = told.poll(GUARD_SECONDS, TimeUnit.SECONDS);
    } while (next != null && !next.equals(wanted));
    assertThat(next).isEqualTo(wanted);
  }

  @Test
  void nodesAreFoundByKind() throws IOException {
    Files.writeString(dynamic.resolve("nvidia.com_hca.json"), SHARED);
    Files.writeString(
        dynamic.resolve("b.yaml"),
        """
        ---
        cdiVersion: 0.5.0
        kind: example.com/nic
        containerEdits:
          deviceNodes:
          - path: /dev/infiniband/uverbs7
        devices:
        - name: all
          containerEdits:
            deviceNodes:
            - path: /dev/nvidia0
            - path: /dev/infiniband/uverbs0
              hostPath: /dev/infiniband/uverbs3
        """);
    assertThat(found())
        .isEqualTo(
            Map.of(
                "nvidia.com/net-rdma", Set.of("uverbs0", "uverbs1"),
                "example.com/nic", Set.of("uverbs7", "uverbs3")));
  }

  @Test
  void filesOfOneKindCountTogether() throws IOException {
    Files.writeString(dynamic.resolve("a.json"), SHARED);
    Files.writeString(dynamic.resolve("b.json"), SHARED.replace("uverbs1", "uverbs2"));
    assertThat(found())
        .isEqualTo(Map.of("nvidia.com/net-rdma", Set.of("uverbs0", "uverbs1", "uverbs2")));
  }

  @Test
  void oursAndThoseWithoutRdmaAreNone() throws IOException {
    Files.writeString(
        dynamic.resolve("x.json"), SHARED.replace("nvidia.com/net-rdma", "rdmagid.io/rdma"));
    Files.writeString(dynamic.resolve("gpu.json"), SHARED.replace("/uverbs", "/umad"));
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "\u0001\u0000",
        "a: [&x 1, *x",
        "a: *nobody",
        "{\"kind\": 5, \"devices\": \"no\"}",
        "{\"kind\": \"a/b\", \"devices\": [1, null, {\"containerEdits\": 3}, [[]]]}",
        "{\"kind\": \"a/b\", \"containerEdits\": {\"deviceNodes\": [{\"path\": {\"a\": 1}}, 7]}}"
      })
  void aBrokenFileNamesNothingAndHarmsNoOther(String content) throws IOException {
    Files.writeString(dynamic.resolve("0.json"), content);
    Files.writeString(dynamic.resolve("0.yaml"), content);
    Files.writeString(dynamic.resolve("a.json"), SHARED);
    assertThat(found()).containsOnlyKeys("nvidia.com/net-rdma");
  }

  @Test
  void whatIsNestedTooDeepHarmsNoOther() throws IOException {
    Files.writeString(dynamic.resolve("0.json"), "[".repeat(100_000));
    Files.writeString(dynamic.resolve("0.yaml"), "[".repeat(100_000));
    Files.writeString(dynamic.resolve("a.json"), SHARED);
    assertThat(found()).containsOnlyKeys("nvidia.com/net-rdma");
  }

  @Test
  void linksFoldersPipesAndOtherNamesAreNotRead() throws IOException, InterruptedException {
    Path elsewhere = Files.writeString(root.resolve("elsewhere.json"), SHARED);
    Files.createSymbolicLink(dynamic.resolve("link.json"), elsewhere);
    Files.createDirectory(dynamic.resolve("folder.json"));
    Files.writeString(dynamic.resolve("a.json.tmp"), SHARED);
    Files.writeString(Files.createDirectory(dynamic.resolve("below")).resolve("a.json"), SHARED);
    Process pipe = new ProcessBuilder("mkfifo", dynamic.resolve("pipe.json").toString()).start();
    assertThat(pipe.waitFor()).isZero();
    assertThat(found()).isEmpty();
  }

  @Test
  void aLongFileIsNotRead() throws IOException {
    String longest = SHARED + " ".repeat(OtherSpecs.MOST_BYTES - SHARED.length());
    Files.writeString(dynamic.resolve("a.json"), longest);
    Files.writeString(
        dynamic.resolve("b.json"), longest.replace("nvidia.com/net-rdma", "nvidia.com/net-rdma2"));
    assertThat(found()).containsOnlyKeys("nvidia.com/net-rdma");
  }

  @Test
  void ofManyFilesSomeAreRead() throws IOException {
    for (int n = 0; n <= OtherSpecs.MOST_FILES; n++) {
      Files.writeString(
          dynamic.resolve(n + ".json"), SHARED.replace("nvidia.com/net-rdma", "a.com/" + n));
    }
    assertThat(found()).hasSize(OtherSpecs.MOST_FILES);
  }

  @Test
  void changesAreFollowed() throws IOException, InterruptedException {
    assertThat(found()).isEmpty();
    Path file = dynamic.resolve("a.json");
    Path temporary = Files.writeString(dynamic.resolve(".a.tmp"), SHARED);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    await(Map.of("nvidia.com/net-rdma", Set.of("uverbs0", "uverbs1")));
    Files.writeString(file, SHARED.replace("uverbs1", "uverbs2"));
    await(Map.of("nvidia.com/net-rdma", Set.of("uverbs0", "uverbs2")));
    Files.delete(file);
    await(Map.of());
  }

  @Test
  void aFolderThatComesLaterIsReadAtTheNextLook() throws IOException {
    CdiEdge started = start();
    Files.createDirectory(fixed);
    Files.writeString(fixed.resolve("a.json"), SHARED);
    told.clear();
    started.look();
    assertThat(told).containsExactly(Map.of("nvidia.com/net-rdma", Set.of("uverbs0", "uverbs1")));
    started.look();
    assertThat(told).as("nothing new").hasSize(1);
  }
}
