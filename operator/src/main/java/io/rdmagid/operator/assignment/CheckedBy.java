package io.rdmagid.operator.assignment;

import io.rdmagid.api.v1alpha1.AssignedPortRow;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.gid.GidScope;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;

/** By which ports and pools an assignment is checked: the keys of an index of assignments. */
final class CheckedBy {
  private CheckedBy() {}

  /** The keys of an object; those of rows that are not understood are left out. Never throws. */
  static List<String> of(RdmaGidAssignment object) {
    if (object.getSpec() == null
        || object.getSpec().nodeName() == null
        || object.getStatus() == null) {
      return List.of();
    }
    List<String> keys = new ArrayList<>();
    for (AssignedPortRow row : object.getStatus().ports()) {
      Integer port = row.port();
      if (GidScope.HOST.text().equals(row.scope())
          && row.pool() != null
          && row.device() != null
          && port != null) {
        keys.add(port(new PortRef(object.getSpec().nodeName(), row.device(), port)));
        keys.add(pool(row.pool()));
      }
    }
    return keys.stream().distinct().toList();
  }

  /** The key of assignments that hold the port. */
  static String port(PortRef port) {
    return "port " + port;
  }

  /** The key of assignments with a port of the pool. */
  static String pool(String pool) {
    return "pool " + pool;
  }
}
