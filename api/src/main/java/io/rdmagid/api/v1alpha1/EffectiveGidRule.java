package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.EffectiveRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule of a pool as {@code status.effective} of an {@link RdmaGidPool} shows it; each
 * component's meaning is its description in the CRD.
 *
 * @param others fields that this version does not know, as they came: a rule that stands is written
 *     as a whole, and an operator that left them out would take them away from a newer one
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveGidRule(
    @JsonPropertyDescription("Type that an entry must have: IB, RoCEv1 or RoCEv2.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String type,
    @JsonPropertyDescription("Family that an entry's address must have: IPv4 or IPv6.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String family,
    @JsonPropertyDescription("Subnets, one of which holds an entry's address; absent for any.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Size(max = Bounds.SUBNET) String> subnets,
    @JsonPropertyDescription("Whether a link-local address will do where there is no other.")
        @Lenient
        @Nullable Boolean allowLinkLocal,
    @JsonPropertyDescription("Whose entries count: Pod or Host.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String scope,
    @JsonPropertyDescription("Whether a container fails to be created where no entry will do.")
        @Lenient
        @Nullable Boolean required,
    @JsonPropertyDescription("metadata.generation of the spec that the rule was made for.")
        @Min(0)
        @Lenient
        @Nullable Long generation,
    @JsonPropertyDescription("Number of the rule, from 1: a pool's next rule has the next number.")
        @Min(0)
        @Lenient
        @Nullable Long revision,
    @JsonPropertyDescription(
            "Digest of the parts of the spec that the rule was chosen for: which ports, and what of their GIDs. While"
                + " they are the same, the rule is. Absent where an older version chose it.")
        @Size(max = Bounds.DIGEST)
        @Lenient
        @Nullable String chosenFor,
    @JsonAnyGetter @JsonAnySetter Map<String, Object> others) {

  /** Copies list and map, null as empty and nulls in them left out. */
  public EffectiveGidRule {
    subnets = Elements.of(subnets);
    others = Elements.of(others);
  }

  /** What is shown for {@code effective}. */
  public static EffectiveGidRule of(EffectiveRule effective) {
    return of(effective, null, Map.of());
  }

  /** The same, with a digest of what it was chosen for, and fields of another version. */
  public static EffectiveGidRule of(
      EffectiveRule effective, @Nullable String chosenFor, Map<String, Object> others) {
    return new EffectiveGidRule(
        effective.rule().type().text(),
        effective.rule().family().text(),
        effective.rule().subnets().stream().map(IpSubnet::toString).toList(),
        effective.rule().allowLinkLocal(),
        effective.scope().text(),
        effective.required(),
        effective.generation(),
        effective.revision(),
        chosenFor,
        others);
  }

  /** The same, with a digest of what it was chosen for. */
  public EffectiveGidRule withChosenFor(String digest) {
    return new EffectiveGidRule(
        type,
        family,
        subnets,
        allowLinkLocal,
        scope,
        required,
        generation,
        revision,
        digest,
        others);
  }
}
