package io.rdmagid.deviceplugin.workload;

import java.util.function.Supplier;

/**
 * What the workload acts by.
 *
 * @param facts makes what looks into namespaces, on the one thread that then uses it
 * @param changes tells when to look again
 * @param slots looks at what was chosen
 * @param refusals takes what containers were refused for
 */
public record WorkloadEdges(
    AllocationStore store,
    AllocationFolders folders,
    Supplier<NamespaceFacts> facts,
    NamespaceChanges changes,
    SlotLook slots,
    AssignmentReports reports,
    Refusals refusals) {}
