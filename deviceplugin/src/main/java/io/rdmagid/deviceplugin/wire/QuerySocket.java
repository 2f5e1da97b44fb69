package io.rdmagid.deviceplugin.wire;

import java.nio.file.Path;

/** Where agent and clients meet unless somebody says otherwise. */
public final class QuerySocket {
  /**
   * In a folder of its own: the chart mounts it, and a mounted socket would be that of one agent.
   */
  public static final Path USUAL = Path.of("/run/rdmagid-agent/query.sock");

  /** The word that both sides take in place of a path for: not at all. */
  public static final String NONE = "none";

  private QuerySocket() {}
}
