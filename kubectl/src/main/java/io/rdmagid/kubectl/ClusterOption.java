package io.rdmagid.kubectl;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.kubectl.cluster.Refusal;
import io.rdmagid.terminal.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Which cluster is read, as kubectl is told. */
final class ClusterOption {
  /** What every problem on the error stream begins with. */
  static final String PREFIX = "kubectl rdmagid: ";

  /** What a person waits for. */
  private static final int TIMEOUT_MILLIS = 20_000;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig; by default its current one.")
  private @Nullable String context;

  @CommandLine.Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; by default what KUBECONFIG names, or ~/.kube/config.")
  private @Nullable Path kubeconfig;

  /** What is done with a cluster. */
  @FunctionalInterface
  interface Use {
    /**
     * Gives the exit code.
     *
     * @param namespace of the context
     */
    int of(Cluster cluster, String namespace);
  }

  /**
   * Reads the cluster; where that fails, says why.
   *
   * @return the exit code
   */
  int read(Use use) {
    Config config = config();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      return use.of(
          new Cluster(client), Objects.requireNonNullElse(config.getNamespace(), "default"));
    } catch (KubernetesClientException e) {
      tell(Refusal.text(e, config.getMasterUrl()));
      return ExitCode.REFUSED;
    }
  }

  /** Says it on the error stream. */
  void tell(String sentence) {
    spec.commandLine().getErr().println(PREFIX + sentence);
  }

  private Config config() {
    if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--kubeconfig " + kubeconfig + " is no file that can be read");
    }
    Config config;
    try {
      config =
          kubeconfig == null
              ? Config.autoConfigure(context)
              : Config.fromKubeconfig(context, kubeconfig.toFile());
    } catch (RuntimeException e) { // whatever its reader meets; null where the file is empty
      throw new CommandLine.ParameterException(
          spec.commandLine(), "the kubeconfig is empty or not understood: " + e.getMessage());
    }
    if (context != null
        && (config.getCurrentContext() == null
            || !context.equals(config.getCurrentContext().getName()))) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "the kubeconfig has no context "
              + context
              + ": kubectl config get-contexts shows those that it has");
    }
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(TIMEOUT_MILLIS);
    config.setRequestTimeout(TIMEOUT_MILLIS);
    return config;
  }
}
