package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the server has of one RdmaGid.
 *
 * @param spec null where the object came from elsewhere without one
 * @param owned whether its owner is the Node as it is now
 * @param status as the server gave it, null where it has none
 * @param written what this process wrote, if {@code status} is what the server made of it: an older
 *     CRD leaves out fields that it does not know, which is no reason to write them again
 */
record KnownObject(
    @Nullable RdmaGidSpec spec,
    boolean owned,
    @Nullable RdmaGidStatus status,
    @Nullable RdmaGidStatus written) {
  static final KnownObject NOTHING = new KnownObject(null, false, null, null);

  /** What the agent said last, as far as it is known. */
  @Nullable RdmaGidStatus said() {
    return written != null ? written : status;
  }

  /** Whether it says this already. */
  boolean says(RdmaGidStatus wanted) {
    RdmaGidStatus said = said();
    return said != null && PortStatus.sameFacts(said, wanted);
  }

  /** The object as the server has it now. */
  KnownObject readAgain(
      @Nullable RdmaGidSpec specNow, boolean ownedNow, @Nullable RdmaGidStatus statusNow) {
    boolean untouched =
        status == null
            ? statusNow == null
            : statusNow != null && PortStatus.sameFacts(status, statusNow);
    return new KnownObject(specNow, ownedNow, statusNow, untouched ? written : null);
  }
}
