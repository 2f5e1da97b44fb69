package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** In a process without any privilege, whoever runs the tests. */
class UnprivilegedReadingTest {
  private static final int ROOT = 0;
  private static final int NOBODY = 65_534;
  private static final long LIMIT_SECONDS = 120;

  @TempDir Path folder;
  private Path sysfs;
  private SysfsTree tree;

  @BeforeEach
  void makeTree() throws IOException {
    sysfs = Files.createDirectory(folder.resolve("sys"));
    tree = new SysfsTree(sysfs, "mlx5_0");
    tree.plug("uverbs0");
    tree.port(1, 3);
    tree.slot(1, 0, "fe80:0000:0000:0000:5054:00ff:fe00:0012", "IB/RoCE v1", "ens1f0");
    tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "ens1f0");
  }

  @Test
  void whoeverIsNotRootReadsWhatRootReads()
      throws IOException, InterruptedException, URISyntaxException {
    String entries = UnprivilegedReading.read(sysfs);
    assertThat(entries).contains("Ok", "index=0", "index=2");

    assertThat(unprivileged()).containsExactly("user " + otherThanRoot(), entries);
  }

  /** Else the test above might say nothing. */
  @Test
  void whatOnlyRootMayReadIsRefused() throws IOException, InterruptedException, URISyntaxException {
    List<String> classPath = classPath();
    allowOthers();
    run("chmod", "0", tree.gid(1, 2).toString());

    assertThat(unprivileged(classPath).getLast()).contains("Refused", "errno=13", "run as root");
  }

  private List<String> unprivileged() throws IOException, InterruptedException, URISyntaxException {
    List<String> classPath = classPath();
    allowOthers();
    return unprivileged(classPath);
  }

  private static int otherThanRoot() throws IOException {
    return UnprivilegedReading.user() == ROOT ? NOBODY : UnprivilegedReading.user();
  }

  private List<String> unprivileged(List<String> classPath)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    if (UnprivilegedReading.user() == ROOT) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            String.join(File.pathSeparator, classPath),
            UnprivilegedReading.class.getName(),
            sysfs.toString()));
    return run(command.toArray(String[]::new));
  }

  /** A home folder may keep others out: copies of what the reading needs. */
  private List<String> classPath() throws IOException, URISyntaxException {
    List<String> copies = new ArrayList<>();
    for (Class<?> needed :
        List.of(SysfsTables.class, UnprivilegedReading.class, Gid.class, Logger.class)) {
      Path source = Path.of(needed.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path copy = folder.resolve(copies.size() + source.getFileName().toString());
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.copy(file, copy.resolve(source.relativize(file).toString()));
        }
      }
      copies.add(copy.toString());
    }
    return copies;
  }

  private void allowOthers() throws IOException, InterruptedException {
    run("chmod", "-R", "a+rX", folder.toString());
  }

  private List<String> run(String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(err)).isZero();
      return Files.readAllLines(out);
    } finally {
      process.destroyForcibly();
    }
  }
}
