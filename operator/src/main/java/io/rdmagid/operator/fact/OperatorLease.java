package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;

/**
 * The Lease by which this operator leads. It is the one object that stands for the cluster where a
 * controller looks after all of it: it is there for as long as anybody can write, whatever becomes
 * of the agents' DaemonSet.
 */
public final class OperatorLease {
  /** Its name, in the operator's namespace. */
  public static final String NAME = "rdmagid-operator";

  private OperatorLease() {}

  /** That it is renewed, every few seconds, says nothing. Public for the SDK to make. */
  public static final class Renewals implements OnUpdateFilter<Lease> {
    @Override
    public boolean accept(Lease now, Lease before) {
      return false;
    }
  }
}
