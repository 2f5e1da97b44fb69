package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Properties;

/**
 * What the preparation scripts built, by {@code e2e/target/testbed.properties}, which they write.
 */
record Artefacts(Properties properties) {

  /** The folder {@code e2e} of the checkout that this class was compiled in. */
  static Path e2e() {
    CodeSource source = Artefacts.class.getProtectionDomain().getCodeSource();
    try {
      // target/classes, or a jar in target.
      Path classes = Path.of(source.getLocation().toURI());
      return classes.resolve("../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Artefacts load() {
    Path file = e2e().resolve("target/testbed.properties");
    if (!Files.exists(file)) {
      throw new TestbedException("no " + file + ": run e2e/setup/prepare.sh first");
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new TestbedException("reading " + file + ": " + e.getMessage(), e);
    }
    return new Artefacts(properties);
  }

  Path kube() {
    return path("kube");
  }

  Path helm() {
    return path("helm");
  }

  Path containerd() {
    return path("containerd");
  }

  Path nodeImage() {
    return path("node.image");
  }

  Path nodeKernel() {
    return path("node.kernel");
  }

  Path nodeInitramfs() {
    return path("node.initramfs");
  }

  Path sshKey() {
    return path("ssh.key");
  }

  private Path path(String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new TestbedException(
          "e2e/target/testbed.properties has no " + key + ": run e2e/setup/prepare.sh nodes");
    }
    Path path = Path.of(value);
    if (!Files.exists(path)) {
      throw new TestbedException("no " + path + ": run e2e/setup/prepare.sh nodes");
    }
    return path;
  }
}
