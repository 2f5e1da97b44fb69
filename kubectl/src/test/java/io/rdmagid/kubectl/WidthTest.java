package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed for people, on a terminal of 80 columns, with names as clusters have them. */
class WidthTest {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("node-a", "gpu-node-11"),
          Map.entry("node-b", "gpu-node-12"),
          Map.entry("node-c", "gpu-node-13"),
          Map.entry("node-d", "gpu-node-14"),
          Map.entry("mlx5_0", "mlx5_bond_0"),
          Map.entry("worker-", "train-worker-0-x7k"),
          Map.entry("fe80::0:", "fe80::e42:a1ff:fe65:1f2"),
          Map.entry("10.1.0.", "192.168.100.10"),
          Map.entry("192.168.100.100/16", "192.168.0.0/16"),
          Map.entry("name: tenant,", "name: tenant-rails,"));

  @TempDir private Path folder;

  private Plugin.Outcome run(String words) {
    try (FakeApiServer server = FakeApiServer.renamed("broken", NAMES)) {
      return Plugin.run(server.kubeconfig(folder, "train"), words.split(" ", -1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pods",
        "check -A",
        "explain pod/train-worker-0-x7k0",
        "explain pod/train-worker-0-x7k1",
        "explain pod/train-worker-0-x7k2",
        "find --ip 192.168.100.109",
        "top --once",
        "--help",
        "pods --help",
        "check --help",
        "explain --help",
        "find --help",
        "top --help"
      })
  void everyLineFits(String words) {
    Plugin.Outcome outcome = run(words);

    assertThat(outcome.lines())
        .as(outcome.err())
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(FoldedTable.WIDTH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"check -A", "explain pod/train-worker-0-x7k0", "pods"})
  void wideNothingIsFoldedAndNoWordIsLost(String words) {
    List<String> narrow = run(words).lines();
    List<String> wide = run(words + " -o wide").lines();

    assertThat(wide).hasSizeLessThan(narrow.size());
    assertThat(wide).anySatisfy(line -> assertThat(line).hasSizeGreaterThan(FoldedTable.WIDTH));
    assertThat(words(wide)).containsAll(words(narrow).toList());
  }

  private static Stream<String> words(List<String> lines) {
    return lines.stream().flatMap(line -> Stream.of(line.trim().split(" +", -1)));
  }
}
