package io.rdmagid.deviceplugin.workload;

import java.util.List;

/** Implemented by the kubelet edge. */
@FunctionalInterface
public interface OfferListener {
  /**
   * These are all the pools that the node offers from now on; one that is missing is offered no
   * more. Called by any thread; must not block.
   */
  void offered(List<PoolOffer> offers);
}
