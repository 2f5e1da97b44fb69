package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HookChoiceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final HookChoice choice = new HookChoice(HookWish.AUTO);

  @Test
  void aRuntimeThatSynchronisesHasNri() {
    assertThat(choice.hook()).isEmpty();
    choice.nriSynchronized();
    assertThat(choice.hook()).contains(ContainerHook.NRI);
    assertThat(choice.criDueIn(1_000 * SECOND)).isEmpty();
  }

  @Test
  void aRuntimeThatAnswersByCriAloneHasNoNri() {
    assertThat(choice.nobodyAtNri(0)).isTrue();
    assertThat(choice.nobodyAtNri(9 * SECOND)).isFalse();
    assertThat(choice.criDueIn(9 * SECOND)).isEqualTo(OptionalLong.of(SECOND));
    choice.criAnswers(9 * SECOND);
    assertThat(choice.hook()).isEmpty();

    assertThat(choice.criDueIn(11 * SECOND)).isEqualTo(OptionalLong.of(0));
    assertThat(choice.hook()).isEmpty(); // it may be away
    choice.criAnswers(11 * SECOND);

    assertThat(choice.hook()).contains(ContainerHook.PRE_START);
    assertThat(choice.criDueIn(12 * SECOND)).isEmpty();
  }

  @Test
  void aRuntimeThatWasStartedAgainKeepsNri() {
    choice.nriSynchronized();
    choice.nobodyAtNri(0);
    choice.nriSynchronized();
    choice.criAnswers(20 * SECOND);
    assertThat(choice.hook()).contains(ContainerHook.NRI);
  }

  @Test
  void nriGoesAndComes() {
    choice.nriSynchronized();
    choice.nobodyAtNri(0);
    choice.criAnswers(10 * SECOND);
    assertThat(choice.hook()).contains(ContainerHook.PRE_START);

    choice.somebodyAtNri();
    assertThat(choice.hook()).contains(ContainerHook.PRE_START); // it may end the connection
    choice.nriSynchronized();
    assertThat(choice.hook()).contains(ContainerHook.NRI);
  }

  @Test
  void aSocketThatEndsConnectionsDecidesNothing() {
    choice.nobodyAtNri(0);
    choice.somebodyAtNri();
    choice.criAnswers(20 * SECOND);
    assertThat(choice.hook()).isEmpty();
    assertThat(choice.criDueIn(20 * SECOND)).isEmpty();

    choice.nobodyAtNri(20 * SECOND); // from the beginning
    choice.criAnswers(29 * SECOND);
    assertThat(choice.hook()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = HookWish.class,
      names = {"NRI", "PRE_START"})
  void aWishStays(HookWish wish) {
    HookChoice wished = new HookChoice(wish);
    Optional<ContainerHook> hook = Optional.of(ContainerHook.valueOf(wish.name()));
    assertThat(wished.hook()).isEqualTo(hook);

    wished.nobodyAtNri(0);
    wished.criAnswers(20 * SECOND);
    assertThat(wished.hook()).isEqualTo(hook);
    wished.nriSynchronized();
    assertThat(wished.hook()).isEqualTo(hook);
    assertThat(wished.criDueIn(20 * SECOND)).isEmpty();
  }
}
