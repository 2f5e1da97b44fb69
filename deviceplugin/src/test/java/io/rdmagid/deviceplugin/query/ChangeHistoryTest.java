package io.rdmagid.deviceplugin.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.proto.gidtable.Changes;
import org.junit.jupiter.api.Test;

class ChangeHistoryTest {
  private final ChangeHistory history = new ChangeHistory();

  private static Changes changes(long revision, int bytes) {
    return Changes.newBuilder().setRevision(revision).addDropped("x".repeat(bytes)).build();
  }

  @Test
  void whatFollowsARevisionIsFound() {
    history.add(changes(5, 1));
    history.add(changes(6, 1));

    assertThat(history.after(4)).contains(changes(5, 1));
    assertThat(history.after(5)).contains(changes(6, 1));
    assertThat(history.after(3)).isEmpty();
    assertThat(history.after(6)).isEmpty();
    history.clear();
    assertThat(history.after(5)).isEmpty();
  }

  @Test
  void onlyTheLastReadingsAreKept() {
    int all = ChangeHistory.MOST_READINGS + 3;
    for (int revision = 1; revision <= all; revision++) {
      history.add(changes(revision, 1));
    }

    assertThat(history.after(2)).isEmpty();
    assertThat(history.after(3)).contains(changes(4, 1));
    assertThat(history.after(all - 1)).contains(changes(all, 1));
  }

  @Test
  void longOnesPushTheOldOut() {
    int half = ChangeHistory.MOST_BYTES / 2;
    history.add(changes(1, half));
    history.add(changes(2, half));
    assertThat(history.after(0)).isEmpty();
    assertThat(history.after(1)).isPresent();

    history.add(changes(3, 2 * ChangeHistory.MOST_BYTES));
    assertThat(history.after(1)).isEmpty();
    assertThat(history.after(2)).isPresent();

    history.add(changes(4, 1));
    assertThat(history.after(2)).isEmpty();
    assertThat(history.after(3)).isPresent();
  }
}
