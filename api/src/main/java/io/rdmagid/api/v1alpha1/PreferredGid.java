package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.rdmagid.gid.GidEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entry that rdmagid would use of a port, as {@code status.preferred} of an {@link RdmaGid}
 * shows it.
 *
 * @param index the slot, from 0
 * @param gid the GID as text
 * @param type IB, RoCEv1, RoCEv2, or what a later version knows
 * @param netdev the netdev's name in the host's network namespace
 * @param address the IP address that the GID carries
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PreferredGid(
    @JsonPropertyDescription(
            "Index of the entry in the port's GID table, from 0: what a program passes as sgid_index.")
        @Required
        @Min(0)
        @Max(65535)
        @Lenient
        @Nullable Integer index,
    @JsonPropertyDescription(
            "The GID as IPv6 text; an IPv4 address stands in it as ::ffff:a.b.c.d.")
        @Size(max = Bounds.ADDRESS)
        @Lenient
        @Nullable String gid,
    @JsonPropertyDescription("Type of the entry: IB, RoCEv1 or RoCEv2.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String type,
    @JsonPropertyDescription(
            "Name of the entry's network device in the host's network namespace; absent for InfiniBand.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String netdev,
    @JsonPropertyDescription(
            "The IP address that the GID carries: 10.0.0.5 for ::ffff:10.0.0.5, else the GID's text.")
        @Size(max = Bounds.ADDRESS)
        @Lenient
        @Nullable String address) {

  /** What is shown for {@code entry}. */
  public static PreferredGid of(GidEntry entry) {
    GidRow row = GidRow.of(entry);
    return new PreferredGid(row.index(), row.gid(), row.type(), row.netdev(), row.address());
  }
}
