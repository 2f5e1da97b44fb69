package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.e2e.testbed.TestbedException;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
  private static final String ROUNDS =
      """
      bench round entries=3 c=100,900,101 jvm=110,112,111 read=200,210,220 walk=100000
      INFO something else
      bench round entries=3 c=1000,1000,1000 jvm=1020,1020,5000 read=2000,2000,2000 walk=1000000
      bench round entries=3 c=10,10,10 jvm=20,20,20 read=20,20,20 walk=10000
      """;

  @Test
  void aRatioIsTakenWithinARound() {
    ReadRounds rounds = ReadRounds.parse(ROUNDS + "bench allocated=4096\n");

    // 111/101, 1020/1000 and 20/10: the rounds' own speed, a machine that others use, is gone.
    assertThat(rounds.median(round -> round.jvm() / round.c())).isEqualTo(111.0 / 101);
    assertThat(rounds.entries()).isEqualTo(3);
    assertThat(rounds.allocatedBytes()).isEqualTo(4096);
  }

  @Test
  void withoutAWalkThereIsNoTimeOfOne() {
    ReadRounds rounds =
        ReadRounds.parse("bench round entries=3 c=1 jvm=1 read=1 walk=\nbench allocated=1\n");

    assertThat(rounds.rounds().getFirst().walk()).isNaN();
  }

  @Test
  void oneThatDidNotComeToItsEndIsRefused() {
    assertThatThrownBy(() -> ReadRounds.parse(ROUNDS))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("did not come to its end");
  }
}
