package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entry of a port's GID table the pods of a pool are to use; each component's meaning and
 * range is its description in the CRD.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Bounds.SUBNETS_RULE, message = Bounds.SUBNETS_MESSAGE)
@ValidationRule(
    value =
        "!has(self.family) || !(self.family in ['IPv4', 'IPv6']) || !has(self.subnets) || self.subnets.size() == 0"
            + " || self.subnets.exists(s, s.contains(':') == (self.family == 'IPv6'))",
    message = "subnets has none of the family that family asks for")
public record PoolGid(
    @JsonPropertyDescription(
            "Type of the entry: RoCEv2, RoCEv1, IB, or Auto: in scope Host what most ports of the pool have; in scope"
                + " Pod RoCEv2, and IB on InfiniBand.")
        @Default(AUTO)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String type,
    @JsonPropertyDescription(
            "Family of the entry's address: IPv4, IPv6, or Auto: in scope Host what most ports of the pool have; in"
                + " scope Pod IPv4, unless all subnets are IPv6 or the type is IB.")
        @Default(AUTO)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String family,
    @JsonPropertyDescription(
            "Subnets such as 10.0.0.0/16 or fd00::/64, one of which holds the entry's address. By default any.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Pattern(Bounds.SUBNET_PATTERN) @Size(max = Bounds.SUBNET) String> subnets,
    @JsonPropertyDescription(
            "Whether a link-local address (fe80::/10, 169.254.0.0/16) will do where there is no other.")
        @Default("false")
        @Lenient
        @Nullable Boolean allowLinkLocal,
    @JsonPropertyDescription(
            "Whose entries count: Pod for those of the pod's own network namespace, Host for those of the host's, in"
                + " whichever network the pod is.")
        @Default("Pod")
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String scope,
    @JsonPropertyDescription(
            "Whether a container fails to be created where no entry will do; otherwise it starts without an index.")
        @Default("true")
        @Lenient
        @Nullable Boolean required) {
  /** What type and family say to leave the choice to rdmagid. */
  public static final String AUTO = "Auto";

  /** Copies the list, null as empty and nulls in it left out. */
  public PoolGid {
    subnets = Elements.of(subnets);
  }
}
