package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void medianAndP99AreTimesThatWereMeasured() {
    Times times = new Times(LongStream.rangeClosed(1, 200).map(i -> 201 - i).boxed().toList());

    assertThat(times.median()).isEqualTo(100);
    assertThat(times.p99()).isEqualTo(198);
    assertThat(times.longest()).isEqualTo(200);
  }

  @Test
  void ofOneTimeAllAreThatOne() {
    Times times = new Times(List.of(7L));

    assertThat(times.median()).isEqualTo(7);
    assertThat(times.p99()).isEqualTo(7);
  }

  @Test
  void changesAreReadAmongOtherLines() {
    Times times =
        Times.ofChanges("bench ready\nbench change=30\nINFO change=99\nbench change=10\n");

    assertThat(times.nanos()).containsExactly(10L, 30L);
  }

  @Test
  void noTimeIsNoMeasurement() {
    assertThatThrownBy(() -> Times.ofChanges("bench ready\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
