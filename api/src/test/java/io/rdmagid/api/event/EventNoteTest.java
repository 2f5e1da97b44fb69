package io.rdmagid.api.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventNoteTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024})
  void whatFitsStays(int length) {
    String text = "a".repeat(length);
    assertThat(EventNote.of(text)).isEqualTo(text);
  }

  @Test
  void itIsCutBetweenCharactersWhateverTheLanguage() {
    assertThat(EventNote.of("a".repeat(1025))).isEqualTo("a".repeat(1021) + "…");
    assertThat(EventNote.of("ü".repeat(512))).isEqualTo("ü".repeat(512));
    assertThat(EventNote.of("ü".repeat(513))).isEqualTo("ü".repeat(510) + "…");
    assertThat(EventNote.of("a" + "😀".repeat(600))).isEqualTo("a" + "😀".repeat(255) + "…");
    assertThat(EventNote.of("a".repeat(1023) + "😀")).isEqualTo("a".repeat(1021) + "…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ü", "語", "😀", "aü語😀"})
  void asMuchIsKeptAsFits(String characters) {
    String note = EventNote.of(characters.repeat(100_000));
    byte[] written = note.getBytes(StandardCharsets.UTF_8);
    assertThat(written).hasSizeBetween(1021, EventNote.MOST_BYTES);
    assertThat(new String(written, StandardCharsets.UTF_8))
        .as("no half of a character")
        .isEqualTo(note)
        .endsWith("…");
  }
}
