package io.rdmagid.deviceplugin.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Tables;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private final Handover handover = new Handover();

  private static Reading reading(int number) {
    return new Reading(
        Tables.addressAt(number), Instant.ofEpochSecond(number), Instant.ofEpochSecond(number + 1));
  }

  @Test
  void readingsKeepTheirOrder() {
    handover.put(reading(1));
    handover.put(reading(2));

    assertThat(handover.take()).contains(reading(1));
    assertThat(handover.take()).contains(reading(2));
    assertThat(handover.take()).isEmpty();
  }

  @Test
  void whereNobodyTakesThemTheyStayFewAndTheLastIsTheNewestWithItsFirstEvent() {
    for (int i = 1; i <= Handover.MOST + 10; i++) {
      handover.put(reading(i));
    }

    Reading last = reading(0);
    int count = 0;
    for (Optional<Reading> next = handover.take(); next.isPresent(); next = handover.take()) {
      last = next.get();
      count++;
    }

    assertThat(count).isEqualTo(Handover.MOST);
    assertThat(last)
        .isEqualTo(
            new Reading(
                Tables.addressAt(Handover.MOST + 10),
                Instant.ofEpochSecond(Handover.MOST),
                Instant.ofEpochSecond(Handover.MOST + 11)));
  }
}
