package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.Assignment;
import io.rdmagid.deviceplugin.cluster.PendingRecords.Pending;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PendingRecordsTest {
  private static final Duration PUT_OFF = Duration.ofMinutes(1);

  private final AtomicLong now = new AtomicLong();
  private final PendingRecords records = new PendingRecords(now::get);

  @Test
  void oneThatWasPutOffComesWhenItsTimeHasCome() throws InterruptedException {
    records.put(of("a", "node"));
    records.putOff(records.take(), PUT_OFF);
    records.put(of("b", "node"));
    assertThat(records.take().assignment()).isEqualTo(of("b", "node"));
    now.addAndGet(PUT_OFF.toNanos());
    assertThat(records.take()).isEqualTo(new Pending(of("a", "node"), 1, now.get()));
  }

  @Test
  void whatIsNewOfAPodIsDueAtOnceAndKeepsTheCount() throws InterruptedException {
    records.put(of("a", "node"));
    Pending first = records.take();
    records.put(of("a", "newer"));
    records.putOff(first, PUT_OFF);
    Pending second = records.take();
    assertThat(second).isEqualTo(new Pending(of("a", "newer"), 1, 0));
    records.putOff(second, PUT_OFF);
    records.put(of("a", "newest"));
    assertThat(records.take()).isEqualTo(new Pending(of("a", "newest"), 2, 0));
  }

  @Test
  void oneThatIsGivenBackComesAfterTheOthersAndIsNotCounted() throws InterruptedException {
    records.put(of("a", "node"));
    records.put(of("b", "node"));
    records.giveBack(records.take());
    assertThat(List.of(records.take(), records.take()))
        .extracting(next -> next.assignment().podUid() + next.refusals())
        .containsExactly("b0", "a0");
  }

  private static Assignment of(String pod, String node) {
    return new Assignment("default", pod, pod, node, List.of());
  }
}
