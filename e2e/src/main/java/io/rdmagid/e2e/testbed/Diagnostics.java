package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Puts what explains a failed test into one folder and prints the folder's name. */
public final class Diagnostics {
  private static final List<String> OBJECTS = List.of("rdmagids", "nodes", "pods", "events");

  private final Path folder;

  private Diagnostics(Path folder) {
    this.folder = folder;
  }

  /** From the control plane and both nodes, as far as they answer. */
  public static Path collect(Testbed testbed, String test) {
    Diagnostics diagnostics = new Diagnostics(create(test));
    diagnostics.controlPlane(testbed.controlPlane());
    diagnostics.agents(testbed.kubectl());
    testbed.nodes().forEach(diagnostics::node);
    return diagnostics.announce();
  }

  /** From a control plane of its own. */
  public static Path collect(ControlPlane controlPlane, String test) {
    Diagnostics diagnostics = new Diagnostics(create(test));
    diagnostics.controlPlane(controlPlane);
    return diagnostics.announce();
  }

  private static Path create(String test) {
    String time =
        LocalDateTime.now(ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MILLIS)
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS"));
    String name = test.replaceAll("[^A-Za-z0-9._-]+", "_") + "-" + time;
    try {
      return Files.createDirectories(Artefacts.e2e().resolve("target/diagnostics").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path announce() {
    System.out.println("what explains it is in " + folder);
    return folder;
  }

  private void controlPlane(ControlPlane controlPlane) {
    controlPlane.logs().forEach(log -> copy(log, ""));
    for (String objects : OBJECTS) {
      write(objects + ".yaml", controlPlane.kubectl().run("get", objects, "-A", "-o", "yaml"));
    }
  }

  /** The logs of all pods that have this project's name on them. */
  private void agents(Kubectl kubectl) {
    String columns =
        "jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{\"\\n\"}{end}";
    String pods = kubectl.run("get", "pods", "-A", "-o", columns).out();
    for (String line : pods.lines().filter(pod -> pod.contains("rdmagid")).toList()) {
      int space = line.indexOf(' ');
      String namespace = line.substring(0, space);
      String pod = line.substring(space + 1);
      String[] logs = {"-n", namespace, "logs", pod, "--all-containers", "--tail=20000"};
      write(pod + ".log", kubectl.run(logs));
      logs[5] = "--previous";
      write(pod + ".previous.log", kubectl.run(logs));
    }
  }

  private void node(Node node) {
    String name = node.name();
    for (String command :
        List.of("rdma link", "ip -d addr", "ibv_devinfo -v", "cat /var/log/boot.log", "dmesg")) {
      write(name + "-" + command.replaceAll("[^a-z]+", "-") + ".txt", node.run(command));
    }
    for (String service : List.of("kubelet", "containerd", "kube-proxy", "dropbear")) {
      copy(node.log(service), name + "-");
    }
    node.logs().forEach(log -> copy(log, ""));
  }

  private void copy(Path file, String prefix) {
    if (Files.exists(file)) {
      try {
        Path to = folder.resolve(prefix + file.getFileName());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void write(String file, Output output) {
    try {
      Files.writeString(folder.resolve(file), output.out() + output.err());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
