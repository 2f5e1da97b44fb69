package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {
  private final List<Long> pauses = new ArrayList<>();

  private void pause(long nanos) {
    pauses.add(Duration.ofNanos(nanos).toMillis());
  }

  @Test
  void anUndisturbedDumpIsTheAnswerAtOnce() {
    assertThat(NetlinkSocket.undisturbed(Patience.LONG, () -> Optional.of("links"), this::pause))
        .isEqualTo("links");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aDisturbedDumpIsMadeAgainAfterAPause() {
    Iterator<Optional<String>> dumps =
        List.of(Optional.<String>empty(), Optional.<String>empty(), Optional.of("links"))
            .iterator();

    assertThat(NetlinkSocket.undisturbed(Patience.SHORT, dumps::next, this::pause))
        .isEqualTo("links");
    assertThat(pauses).containsExactly(1L, 2L);
  }

  @Test
  void pausesGrowToFiftyMillisecondsAndEnd() {
    assertThatThrownBy(() -> NetlinkSocket.undisturbed(Patience.LONG, Optional::empty, this::pause))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("disturbed 50 times");

    assertThat(pauses).hasSize(49).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 50L, 50L).endsWith(50L);
  }

  /** Others wait for the thread that asks. */
  @Test
  void shortPatienceEndsWithinAThirdOfASecond() {
    assertThatThrownBy(
            () -> NetlinkSocket.undisturbed(Patience.SHORT, Optional::empty, this::pause))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("disturbed 12 times");

    assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isBetween(250L, 333L);
  }
}
