package io.rdmagid.e2e.testbed;

import java.util.List;

/** The ports of one control plane's processes; two that are up at once share none. */
record Ports(int apiServer, int etcdClient, int etcdPeer, int controllerManager, int scheduler) {
  static final Ports USUAL = new Ports(6443, 2379, 2380, 10257, 10259);
  static final Ports SECOND = new Ports(16443, 12379, 12380, 20257, 20259);

  List<Integer> all() {
    return List.of(apiServer, etcdClient, etcdPeer, controllerManager, scheduler);
  }
}
