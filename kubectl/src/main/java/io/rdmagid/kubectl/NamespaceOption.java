package io.rdmagid.kubectl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Whose pods are meant, as kubectl is told. */
final class NamespaceOption {
  @CommandLine.Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The namespace of the pods; by default that of the context.")
  private @Nullable String namespace;

  @CommandLine.Option(
      names = {"-A", "--all-namespaces"},
      description = "The pods of all namespaces.")
  private boolean all;

  /** Whether pods of several namespaces are shown. */
  boolean isAll() {
    return all;
  }

  /**
   * The namespace; empty for all.
   *
   * @param usual that of the context
   */
  String name(String usual) {
    return all ? "" : namespace == null ? usual : namespace;
  }
}
