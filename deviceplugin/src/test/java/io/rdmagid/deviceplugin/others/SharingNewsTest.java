package io.rdmagid.deviceplugin.others;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharingNewsTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  /** A clock may start anywhere. */
  private static final long START = Long.MAX_VALUE - HOUR;

  private static final Sharing SPEC = sharing("mlx5_0", new Giver.Spec("nvidia.com/net-rdma"));
  private static final Sharing POD = sharing("mlx5_0", new Giver.Pod("ml", "train-0"));

  private final SharingNews news = new SharingNews();

  private static Sharing sharing(String device, Giver giver) {
    return new Sharing(device, Set.of("rail"), giver);
  }

  private Map<Giver, List<Sharing>> at(long now, Sharing... sharings) {
    return news.of(List.of(sharings), now);
  }

  @Test
  void isToldOnce() {
    assertThat(at(START, SPEC)).containsExactly(Map.entry(SPEC.giver(), List.of(SPEC)));
    assertThat(at(START + 1, SPEC)).isEmpty();
    assertThat(at(START + 3 * HOUR, SPEC)).isEmpty();
  }

  @Test
  void eachDeviceAndAuthorIsNews() {
    Sharing second = sharing("mlx5_1", SPEC.giver());
    Sharing elsewhere = sharing("mlx5_0", new Giver.Pod("web", "train-0"));
    assertThat(at(START, SPEC)).hasSize(1);
    assertThat(at(START, SPEC, second)).containsExactly(Map.entry(SPEC.giver(), List.of(second)));
    assertThat(at(START, SPEC, second, POD)).containsOnlyKeys(POD.giver());
    assertThat(at(START, SPEC, second, POD, elsewhere)).containsOnlyKeys(elsewhere.giver());
  }

  @Test
  void whatOneGiverHasIsToldTogether() {
    Sharing second = sharing("mlx5_1", SPEC.giver());
    assertThat(at(START, SPEC, second))
        .containsExactly(Map.entry(SPEC.giver(), List.of(SPEC, second)));
  }

  @Test
  void podsThatFollowEachOtherAreNoNews() {
    assertThat(at(START, POD)).hasSize(1);
    for (int n = 1; n < 9; n++) {
      assertThat(at(START + n * HOUR / 2)).isEmpty();
      assertThat(at(START + n * HOUR / 2 + 1, sharing("mlx5_0", new Giver.Pod("ml", "p" + n))))
          .isEmpty();
    }
  }

  @Test
  void whatHasBeenOverForLongIsNewsAgain() {
    assertThat(at(START, SPEC)).hasSize(1);
    assertThat(at(START + 5 * HOUR)).as("it lasted until now").isEmpty();
    assertThat(at(START + 6 * HOUR, SPEC)).isEmpty();
    assertThat(at(START + 7 * HOUR)).isEmpty();
    assertThat(at(START + 8 * HOUR + 1, SPEC)).hasSize(1);
  }
}
