package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.gid.Gid;
import java.net.InetAddress;

/** What a look into a namespace saw. */
final class NamespaceLooks {
  private NamespaceLooks() {}

  static NamespaceView seen(NamespaceLook look) {
    assertThat(look).isInstanceOf(NamespaceLook.Seen.class);
    return ((NamespaceLook.Seen) look).view();
  }

  static NamespaceLink link(NamespaceView view, String name) {
    return view.links().values().stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Gid gid(String address) {
    return Gid.of(InetAddress.ofLiteral(address));
  }
}
