package io.rdmagid.deviceplugin.workload;

import java.util.List;

/**
 * The records on disk. Called by one thread. A write has reached the disk when it returns; of one
 * that adds a claim to a record, a crash of the node may leave the record without it: claims do not
 * outlive a boot.
 */
public interface AllocationStore {
  /** All that can be read; what cannot is reported and left out. */
  List<AllocationRecord> load();

  /**
   * Writes a record in place of an earlier one of the same id, as a whole or not at all.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  void write(AllocationRecord record);

  /** Forgets a record; one that is not there is fine. */
  void remove(AllocationId id);
}
