package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a library would choose of a port if nothing told it, as {@code status.picks} of an {@link
 * RdmaGid} shows it.
 *
 * @param library the library's name in lower case, such as nccl
 * @param version the version of the library whose choice was computed
 * @param index the slot, from 0; absent where the library finds none
 * @param agrees whether that is the preferred entry
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LibraryPick(
    @JsonPropertyDescription("Name of the library in lower case, such as nccl or ucx.")
        @Required
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String library,
    @JsonPropertyDescription("Version of the library whose choice this is.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String version,
    @JsonPropertyDescription(
            "GID index that the library would choose by itself, from 0; absent where it finds none.")
        @Min(0)
        @Max(65535)
        @Lenient
        @Nullable Integer index,
    @JsonPropertyDescription("Whether the library's own choice is the preferred entry.") @Lenient
        @Nullable Boolean agrees) {}
