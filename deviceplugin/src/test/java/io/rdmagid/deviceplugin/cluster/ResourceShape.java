package io.rdmagid.deviceplugin.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.gid.GidEntry;
import java.util.List;

/** A row of {@code status.gids}, as the API server stores it. */
public final class ResourceShape implements GidRowShape {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "RdmaGid";
  }

  @Override
  public GidEntry through(GidEntry entry) {
    RdmaGid object = new RdmaGid();
    object.setSpec(new RdmaGidSpec("node-a", "mlx5_0", 1));
    object.setStatus(RdmaGidStatus.builder().gids(List.of(GidRow.of(entry))).build());
    RdmaGid stored;
    try {
      stored = JSON.readValue(JSON.writeValueAsString(object), RdmaGid.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return switch (RdmaGidParser.parse(stored)) {
      case Parsed.Valid valid -> valid.gids().getFirst();
      case Parsed.Invalid invalid -> throw new AssertionError(invalid);
    };
  }
}
