package io.rdmagid.deviceplugin.others;

import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What people are told of devices that one giver hands out, too. */
record SharingNotice(Giver giver, Set<String> devices, Set<String> pools) {
  /** Event reason, for machines. */
  static final String REASON = "PortSharedWithAnotherPlugin";

  private static final String ACTION = "Offer";

  /** A node can have hundreds of virtual functions, and an Event has room for 1,024 bytes. */
  private static final int MOST_NAMES = 12;

  /** Of what one giver hands out. */
  static SharingNotice of(Giver giver, List<Sharing> sharings) {
    Set<String> devices = new TreeSet<>();
    Set<String> pools = new TreeSet<>();
    for (Sharing sharing : sharings) {
      devices.add(sharing.device());
      pools.addAll(sharing.pools());
    }
    return new SharingNotice(giver, devices, pools);
  }

  /** For the Node. */
  NodeNotice notice() {
    String text =
        "Pods of two plugins can get the same port: "
            + names(devices)
            + " of "
            + (pools.size() == 1 ? "pool " : "pools ")
            + names(pools)
            + (devices.size() == 1 ? " is" : " are")
            + " also in "
            + giver.text()
            + ". Leave each device to one of them, by the pool's spec.ports or by the other"
            + " plugin's selectors";
    return new NodeNotice(true, REASON, ACTION, text);
  }

  private static String names(Set<String> names) {
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
