package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.kubectl.snapshot.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopPictureTest {
  private static final String RED = "\u001b[31m";

  private static List<String> picture(String yaml) {
    return TopPicture.of(Clusters.snapshot(yaml), true);
  }

  @Test
  void aPoolThatNoOperatorLookedAtIsNotAccepted() {
    String yaml =
        Clusters.healthy().replaceAll("(?m)^ +- \\{type: (Accepted|Conflict|Degraded).*\n", "");

    assertThat(picture(yaml)).filteredOn(line -> line.contains("unseen")).hasSize(2);
    assertThat(picture(Clusters.healthy())).noneMatch(line -> line.contains("unseen"));
  }

  /** It may be without a cable. */
  @Test
  void aPortThatIsDownIsMissingWhereItIsOfAPool() {
    String down = Clusters.edited(2, "state: ACTIVE", "state: DOWN");
    String unused = Clusters.edited(down, 2, "pools: [tenant]", "pools: []");

    assertThat(picture(down)).anyMatch(line -> line.startsWith(RED + "node-a "));
    assertThat(picture(unused)).anyMatch(line -> line.startsWith("node-a  2"));
  }
}
