package io.rdmagid.deviceplugin.workload;

import java.util.List;
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
    Refusals refusals) {
  /** The same, where each record that is written or removed is told of before. */
  WorkloadEdges tellingOfRecords(Runnable record) {
    AllocationStore told =
        new AllocationStore() {
          @Override
          public List<AllocationRecord> load() {
            return store.load();
          }

          @Override
          public void write(AllocationRecord written) {
            record.run();
            store.write(written);
          }

          @Override
          public void remove(AllocationId id) {
            record.run();
            store.remove(id);
          }
        };
    return new WorkloadEdges(told, folders, facts, changes, slots, reports, refusals);
  }
}
