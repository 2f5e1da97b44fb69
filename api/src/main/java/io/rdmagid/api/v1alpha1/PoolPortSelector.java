package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way for a port to belong to a pool: of each list one element has to fit, an empty list fits
 * every port, and all lists have to fit. Each component's meaning is its description in the CRD.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Bounds.SUBNETS_RULE, message = Bounds.SUBNETS_MESSAGE)
public record PoolPortSelector(
    @JsonPropertyDescription(
            "Names of RDMA devices, such as mlx5_*: * for any characters, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Size(min = 1, max = Bounds.NAME) String> names,
    @JsonPropertyDescription(
            "Names of the ports' network devices on the host, such as ens*f0: * for any characters, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Size(min = 1, max = Bounds.NAME) String> netdevs,
    @JsonPropertyDescription(
            "Names of kernel drivers, such as mlx5_core: * for any characters, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Size(min = 1, max = Bounds.NAME) String> drivers,
    @JsonPropertyDescription(
            "PCI vendor ids, four hexadecimal digits in lower case, such as 15b3: * for any digits, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Pattern(Bounds.HEX_GLOB) @Size(min = 1, max = Bounds.NAME) String> vendors,
    @JsonPropertyDescription(
            "PCI device ids, four hexadecimal digits in lower case, such as 101?: * for any digits, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Pattern(Bounds.HEX_GLOB) @Size(min = 1, max = Bounds.NAME) String> deviceIDs,
    @JsonPropertyDescription(
            "PCI addresses in lower case, such as 0000:3b:*: * for any characters, ? for one.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Pattern(Bounds.PCI_GLOB) @Size(min = 1, max = Bounds.NAME) String> pciAddresses,
    @JsonPropertyDescription(
            "Virtual functions (SR-IOV) by their physical function: those whose index is in first to last. The physical"
                + " function itself does not fit.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<PoolVirtualFunctions> pfNames,
    @JsonPropertyDescription("Link layers: Ethernet (RoCE) or InfiniBand.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<String> linkLayers,
    @JsonPropertyDescription("NUMA nodes of the devices, from 0.") @Size(max = Bounds.LIST) @Lenient
        List<@Min(0) @Max(65535) Integer> numaNodes,
    @JsonPropertyDescription("The least rate of the port in Gbit/s, such as 100.") @Min(0) @Lenient
        @Nullable Double minRateGbps,
    @JsonPropertyDescription(
            "Subnets such as 10.0.0.0/16 or fd00::/64, one of which holds the address of a GID that the port has on"
                + " the host.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Pattern(Bounds.SUBNET_PATTERN) @Size(max = Bounds.SUBNET) String> subnets) {
  /** Copies the lists, null as empty and nulls in them left out. */
  public PoolPortSelector {
    names = Elements.of(names);
    netdevs = Elements.of(netdevs);
    drivers = Elements.of(drivers);
    vendors = Elements.of(vendors);
    deviceIDs = Elements.of(deviceIDs);
    pciAddresses = Elements.of(pciAddresses);
    pfNames = Elements.of(pfNames);
    linkLayers = Elements.of(linkLayers);
    numaNodes = Elements.of(numaNodes);
    subnets = Elements.of(subnets);
  }
}
