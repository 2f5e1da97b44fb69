package io.rdmagid.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "mlx5_*, mlx5_0, true",
    "mlx5_*, mlx5_, true",
    "mlx5_*, rxe0, false",
    "mlx5_?, mlx5_10, false",
    "ens*f0, ens1f0, true",
    "ens*f0, ens1f0f0, true",
    "ens*f0, ens1f0np0, false",
    "mlx5.0, mlx5_0, false",
    "[a], a, false",
    "'', '', true",
    "'', a, false",
    "*, '', true",
    "?, '', false"
  })
  void matches(String pattern, String text, boolean matches) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void manyStarsTakeNoExponentialTime() {
    Glob glob = new Glob("a*".repeat(31) + "b");

    assertThat(
            Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> glob.matches("a".repeat(10_000))))
        .isFalse();
  }

  @Property(tries = 5000)
  void agreesWithANaiveReading(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(naive(pattern, text));
  }

  private static boolean naive(String pattern, String text) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    String rest = pattern.substring(1);
    if (pattern.charAt(0) == '*') {
      return naive(rest, text) || (!text.isEmpty() && naive(pattern, text.substring(1)));
    }
    return !text.isEmpty()
        && (pattern.charAt(0) == '?' || pattern.charAt(0) == text.charAt(0))
        && naive(rest, text.substring(1));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab").ofMaxLength(8);
  }
}
