package io.rdmagid.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidEntry;
import io.rdmagid.library.Mooncake.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulations against what the libraries' own code chose. */
class LibraryTest {
  private static final String VECTORS = "io.rdmagid.library.Vector#all";

  @ParameterizedTest
  @MethodSource(VECTORS)
  void nccl(Vector vector) {
    assertPick(vector, "nccl", new Nccl());
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void nvshmem(Vector vector) {
    assertPick(vector, "nvshmem", new Nvshmem());
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void ucx(Vector vector) {
    assertPick(vector, "ucx", new Ucx());
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void perftest(Vector vector) {
    assertPick(vector, "perftest", perftest(vector, true));
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void perftestBeforeItScored(Vector vector) {
    assertPick(vector, "perftestBefore57927ab", perftest(vector, false));
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void mooncake(Vector vector) {
    assertPick(vector, "mooncake", new Mooncake(Engine.CLASSIC));
  }

  @ParameterizedTest
  @MethodSource("withTent")
  void mooncakeTent(Vector vector) {
    assertPick(vector, "mooncakeTent", new Mooncake(Engine.TENT));
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void mooncakeIbgda(Vector vector) {
    assertPick(vector, "mooncakeIbgda", new Mooncake(Engine.IBGDA));
  }

  /** Else the tests above would say nothing. */
  @Test
  void thereAreVectorsAndTheLibrariesDiffer() {
    assertThat(Vector.all()).hasSize(239);
    assertThat(withTent()).hasSize(223);
    assertThat(Vector.all().filter(v -> differ(v, "nccl", "ucx"))).hasSize(104);
    assertThat(Vector.all().filter(v -> differ(v, "nccl", "mooncake"))).hasSize(138);
  }

  @ParameterizedTest
  @MethodSource(VECTORS)
  void theOrderOfEntriesDoesNotMatter(Vector vector) {
    List<GidEntry> shuffled = new ArrayList<>(vector.entries());
    Collections.shuffle(shuffled, new Random(vector.id().hashCode()));
    GidTable other =
        new GidTable(vector.infiniBand(), vector.length(), shuffled, vector.failingHandles());
    List<Library> libraries =
        new ArrayList<>(
            List.of(
                new Nccl(),
                new Nvshmem(),
                new Ucx(),
                perftest(vector, true),
                perftest(vector, false)));
    Stream.of(Engine.values()).map(Mooncake::new).forEach(libraries::add);
    for (Library library : libraries) {
      assertThat(library.pick(other, vector.environment()))
          .as(library.toString())
          .isEqualTo(library.pick(vector.table(), vector.environment()));
    }
  }

  /** TENT's code was not run where a variable names an index. */
  static Stream<Vector> withTent() {
    return Vector.all().filter(vector -> vector.expected().containsKey("mooncakeTent"));
  }

  private static boolean differ(Vector vector, String one, String other) {
    return !vector.expected().get(one).equals(vector.expected().get(other));
  }

  private static void assertPick(Vector vector, String name, Library library) {
    OptionalInt index =
        switch (library.pick(vector.table(), vector.environment())) {
          case Pick.Index(int picked, _) -> OptionalInt.of(picked);
          case Pick.None _ -> OptionalInt.empty();
        };
    assertThat(index).as(vector.toString()).isEqualTo(vector.expected().get(name));
  }

  /** perftest is told by options. */
  private static Perftest perftest(Vector vector, boolean scored) {
    Perftest newest = Perftest.of(vector.environment().getOrDefault("PERFTEST_FLAGS", ""));
    return new Perftest(scored, newest.index(), newest.ipv6());
  }
}
