package io.rdmagid.operator.failover;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether so much of the cluster is broken at once that it is no single port's fault, and evictions
 * would only add to it. Counted are ports that pods hold on nodes that report.
 *
 * @param broken how many of them are broken. An outdated variable counts only where the pool is to
 *     do something about it: elsewhere it stays for as long as its container
 * @param ports how many there are
 * @param share of the ports that may be broken, 0 to 1
 */
public record Breaker(int broken, int ports, double share) {
  /** A handful of ports is not the cluster, however few there are. */
  public static final int FEW = 10;

  /**
   * Counts.
   *
   * @param reporting names of the nodes that report
   * @param acting names of the pools that evict
   */
  public static Breaker of(
      Collection<HeldPod> pods, Set<String> reporting, Set<String> acting, double share) {
    int broken = 0;
    int ports = 0;
    for (HeldPod pod : pods) {
      if (reporting.contains(pod.node())) {
        for (Map.Entry<String, HeldPod.Ports> entry : pod.pools().entrySet()) {
          HeldPod.Ports counts = entry.getValue();
          ports += counts.count();
          broken += counts.lost() + (acting.contains(entry.getKey()) ? counts.outdated() : 0);
        }
      }
    }
    return new Breaker(broken, ports, share);
  }

  /** Whether nothing is to be started. */
  public boolean isOpen() {
    return broken >= FEW && broken > share * ports;
  }

  /** As it was given, with nine decimals at most; in a large cluster it may be far below 1 %. */
  private String percent() {
    return String.format(Locale.ROOT, "%.7f", share * 100).replaceFirst("\\.?0+$", "");
  }

  /** For people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%d of the %d ports that pods hold are broken at once, more than %s %%",
        broken,
        ports,
        percent());
  }
}
