package io.rdmagid.e2e.testbed;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control plane as one user sees it: by kubectl, or by a client that the caller closes. */
public record Kubectl(Path program, Path kubeconfig) {

  /** Standard output of a kubectl that succeeded. */
  public String kubectl(String... arguments) {
    return run(arguments).orThrow("kubectl " + String.join(" ", arguments));
  }

  public Output run(String... arguments) {
    return Command.of(words(List.of(arguments))).run();
  }

  /** The command that runs kubectl with these arguments, for whoever runs it with a terminal. */
  public List<String> words(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    words.add("--kubeconfig=" + kubeconfig);
    // Its own, because another control plane at the same address had other resources.
    words.add("--cache-dir=" + kubeconfig.resolveSibling("cache"));
    words.addAll(arguments);
    return words;
  }

  /** Applies YAML. */
  public String apply(String yaml) {
    Path file = null;
    try {
      file = Files.createTempFile("apply", ".yaml");
      Files.writeString(file, yaml);
      return kubectl("apply", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (file != null) {
        var _ = file.toFile().delete();
      }
    }
  }

  public KubernetesClient client() {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
