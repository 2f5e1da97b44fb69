package io.rdmagid.deviceplugin.workload;

import java.util.List;

/**
 * What the pools of this node make of a port.
 *
 * @param pools the names of the pools that it belongs to, in order: usually one; more where pods
 *     hold it of several
 * @param standing whether the kubelet may give it to pods that come, and why not
 * @param message the same for people, one sentence without a full stop, with the pool's name
 */
public record PortOffer(List<String> pools, Standing standing, String message) {
  public PortOffer {
    pools = List.copyOf(pools);
  }

  /** How the kubelet has the port. */
  public enum Standing {
    /** It may give the port to pods. */
    HEALTHY("Healthy", true),
    /** It may: the port cannot be used, which it is not told yet, for the sake of pods that run. */
    DAMPED("Damped", true),
    /** The port is not active. */
    PORT_DOWN("PortDown", false),
    /** No entry of the host's will do for the pool's rule. */
    NO_USABLE_GID("NoUsableGid", false),
    /** Nobody can tell which entry the pool's rule means. */
    AMBIGUOUS_GID("AmbiguousGid", false),
    /**
     * Devices of the node belong to one network namespace each: a pod would get one that it does
     * not see.
     */
    EXCLUSIVE_NAMESPACES("ExclusiveNamespaces", false),
    /** The pool has no rule for its spec. */
    NO_RULE("NoRule", false),
    /** Pods hold the port of a pool that has it no more. */
    DRAINING("Draining", false);

    private final String text;
    private final boolean offered;

    Standing(String text, boolean offered) {
      this.text = text;
      this.offered = offered;
    }

    /** One word in CamelCase, for programs. */
    public String text() {
      return text;
    }

    /** Whether pods that come can get the port. */
    public boolean offered() {
      return offered;
    }
  }
}
