package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.NodeGids;
import io.rdmagid.api.v1alpha1.PreferredGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/** The preferred row of a port in the Node's annotation. */
public final class AnnotationShape implements GidRowShape {
  @Override
  public String name() {
    return "annotation";
  }

  @Override
  public GidEntry through(GidEntry entry) {
    RdmaGidStatus status =
        RdmaGidStatus.builder()
            .netdev(entry.netdev().isEmpty() ? null : entry.netdev())
            .preferred(PreferredGid.of(entry))
            .build();
    PublishedNode.Row row = PublishedNode.row(new RdmaGidSpec("node-a", "mlx5_0", 1), status);
    String text = PublishedNode.of(List.of(row)).annotation();
    return switch (NodeGids.decode(text)) {
      case NodeGids.Read(NodeGids gids) -> row(gids.ports().getFirst());
      case NodeGids.Unreadable unreadable -> throw new AssertionError(unreadable.reason());
    };
  }

  private static GidEntry row(NodeGids.Port port) {
    return new GidEntry(
        port.index(),
        Gid.of(InetAddress.ofLiteral(port.address())),
        GidType.fromText(port.type()).orElseThrow(),
        0,
        Objects.requireNonNullElse(port.netdev(), ""));
  }

  /** It names the netdev and does not number it. */
  @Override
  public GidEntry carried(GidEntry entry) {
    return new GidEntry(entry.index(), entry.gid(), entry.type(), 0, entry.netdev());
  }
}
