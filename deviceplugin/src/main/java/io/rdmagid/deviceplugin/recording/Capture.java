package io.rdmagid.deviceplugin.recording;

/**
 * Where and when a recording was made; texts are empty where it does not say.
 *
 * @param hostname the node's
 * @param kernel its release, such as {@code 6.12.107}
 * @param capturedAt as ISO 8601 writes it, {@code 2026-11-23T05:00:00Z}
 */
public record Capture(String hostname, String kernel, String capturedAt) {
  /** Nobody knows. */
  public static final Capture UNKNOWN = new Capture("", "", "");
}
