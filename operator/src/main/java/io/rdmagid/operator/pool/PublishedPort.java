package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.pool.PortFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facts of a port as its RdmaGid shows them. */
final class PublishedPort {
  private static final String ACTIVE = "ACTIVE";
  private static final RdmaGidStatus NOTHING = RdmaGidStatus.builder().build();

  private PublishedPort() {}

  /**
   * The facts; empty for an object that is not understood, as one of a later version. Never throws.
   */
  static Optional<PortFacts> facts(RdmaGid object) {
    return switch (RdmaGidParser.parse(object)) {
      case Parsed.Invalid _ -> Optional.empty();
      case Parsed.Valid port ->
          Optional.of(facts(port, object.getStatus() == null ? NOTHING : object.getStatus()));
    };
  }

  private static PortFacts facts(Parsed.Valid port, RdmaGidStatus status) {
    return new PortFacts(
        port.nodeName(),
        port.device(),
        port.port(),
        text(status.linkLayer()),
        text(status.driver()),
        text(status.vendorID()),
        text(status.deviceID()),
        text(status.pciAddress()),
        text(status.pfName()),
        orMinusOne(status.vfIndex()),
        text(status.netdev()),
        orMinusOne(status.numaNode()),
        status.rateGbps() == null ? 0 : status.rateGbps(),
        ACTIVE.equals(status.state()),
        port.gids());
  }

  private static int orMinusOne(@Nullable Integer number) {
    return number == null ? -1 : number;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
