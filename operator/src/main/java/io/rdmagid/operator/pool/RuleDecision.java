package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.EffectiveGidRule;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.RuleChoice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which rule a pool has by the spec that it has now. */
sealed interface RuleDecision {
  /**
   * There is one.
   *
   * @param shown the same, as the status is to show it
   */
  record Ruled(EffectiveRule rule, EffectiveGidRule shown) implements RuleDecision {}

  /** The status shows one that this version does not understand: it stays as it is. */
  record NotUnderstood() implements RuleDecision {}

  /**
   * There is none for this spec; what the status shows stays.
   *
   * @param why what is missing, in words
   * @param again when to look again if nothing changes until then; empty where there is no need
   */
  record NotYet(String why, Optional<Duration> again) implements RuleDecision {}

  /** When to look again if nothing changes until then; empty where there is no need. */
  default Optional<Duration> again() {
    return Optional.empty();
  }

  /**
   * Decides. What is published for this spec stands, whatever became of the ports since, and so
   * does what was published for another in which the parts that a rule is chosen for are the same;
   * otherwise what the ports tell now counts, if they can. The first rule of a pool waits until the
   * ports have stood still, if it goes by them; later its agents have been there for long. The
   * number of a rule that is the same as before stays.
   *
   * <p>A rule in words that this version does not know is a newer operator's. One without a type is
   * nobody's: so its owner says that a rule is to be chosen anew.
   *
   * @param parsed what {@code object} says
   * @param ports of the pool, with the entries that are usable
   * @param settling what the ports told before; is told what they tell now
   */
  static RuleDecision of(
      RdmaGidPool object, ParsedPool.Valid parsed, List<PortFacts> ports, Settling settling) {
    Pool pool = parsed.pool();
    String chosenFor = ChosenFor.digest(pool, object.getSpec().ports());
    EffectiveGidRule shown = object.getStatus() == null ? null : object.getStatus().effective();
    Optional<EffectiveRule> before = parsed.effective();
    if (shown != null && before.isPresent()) {
      if (before.get().isFor(pool)) {
        return new Ruled(before.get(), shown.withChosenFor(chosenFor));
      }
      if (chosenFor.equals(shown.chosenFor())) {
        EffectiveRule stands = next(pool, before.get().rule(), before, shown);
        return new Ruled(stands, EffectiveGidRule.of(stands, chosenFor, shown.others()));
      }
    } else if (shown != null && shown.type() != null) {
      return new NotUnderstood();
    }
    return switch (RuleChoice.of(pool.gid(), ports)) {
      case RuleChoice.NotYet(RuleChoice.Reason reason) ->
          new NotYet(reason.text(), Optional.empty());
      case RuleChoice.Chosen choice -> {
        Optional<Duration> left =
            before.isPresent() ? Optional.empty() : left(pool, ports, choice, settling);
        if (left.isPresent()) {
          yield new NotYet("its ports are still being published", left);
        }
        EffectiveRule chosen = next(pool, choice.rule(), before, shown);
        yield new Ruled(chosen, EffectiveGidRule.of(chosen, chosenFor, Map.of()));
      }
    };
  }

  /** The rule for the spec of now. */
  private static EffectiveRule next(
      Pool pool, GidRule rule, Optional<EffectiveRule> before, @Nullable EffectiveGidRule shown) {
    GidScope scope = pool.gid().scope();
    boolean required = pool.gid().required();
    long revision =
        before
            .filter(former ->
                former.rule().equals(rule)
                    && former.scope() == scope
                    && former.required() == required)
            .map(EffectiveRule::revision)
            .orElse(lastRevision(shown) + 1);
    return new EffectiveRule(rule, scope, required, pool.generation(), revision);
  }

  /** Of the rule that stands in the status, even one that is not whole. */
  private static long lastRevision(@Nullable EffectiveGidRule shown) {
    return shown == null || shown.revision() == null ? 0 : Math.max(0, shown.revision());
  }

  /** For how long the ports are to stand still yet. */
  private static Optional<Duration> left(
      Pool pool, List<PortFacts> ports, RuleChoice.Chosen choice, Settling settling) {
    GidWish wish = pool.gid();
    boolean goesByPorts =
        wish.type().isEmpty() || (wish.scope() == GidScope.HOST && wish.family().isEmpty());
    return goesByPorts
        ? settling.left(
            pool.name(),
            pool.generation(),
            ports.stream().map(PortFacts::ref).collect(Collectors.toSet()),
            choice)
        : Optional.empty();
  }
}
