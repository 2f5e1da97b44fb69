package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs that measure, in one folder: in C, compiled from {@code e2e/bench}, and in Java, out
 * of the test classes of deviceplugin.
 */
record BenchPrograms(Path folder) {
  private static final Path PACKAGES = Path.of("io/rdmagid/deviceplugin");

  /** Compiles and gathers them, in {@code e2e/target/bench}. */
  static BenchPrograms build() {
    Path root = Checkout.root();
    BenchPrograms programs = new BenchPrograms(root.resolve("e2e/target/bench"));
    try {
      Files.createDirectories(programs.stub());
      gcc(root.resolve("e2e/bench/gid-table.c"), programs.gidTable(), "-ldl");
      gcc(
          root.resolve("e2e/bench/stub-ibverbs.c"),
          programs.stub().resolve("libibverbs.so.1"),
          "-shared",
          "-fPIC");
      Path tests = root.resolve("deviceplugin/target/test-classes").resolve(PACKAGES);
      programs.copy(tests.resolve("bench"), "*.class");
      programs.copy(tests.resolve("verbs"), "TableCall.class");
      programs.copy(tests.resolve("nri"), "{FakeRuntime,FakeRuntime$Peer,Wire}.class");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return programs;
  }

  /** The program in C that reads tables. */
  Path gidTable() {
    return folder.resolve("gid-table");
  }

  /** The folder of the libibverbs that needs no RDMA. */
  Path stub() {
    return folder.resolve("stub");
  }

  /** The folder of the Java classes. */
  Path classes() {
    return folder.resolve("classes");
  }

  /** A folder of this name for what a program writes, without what an earlier one wrote. */
  Path emptied(String name) {
    Path made = folder.resolve(name);
    String _ = Command.of("rm", "-rf", made.toString()).sh();
    String _ = Command.of("mkdir", made.toString()).sh();
    return made;
  }

  private void copy(Path from, String glob) throws IOException {
    if (!Files.isDirectory(from)) {
      throw new TestbedException("no " + from + ": run make build first");
    }
    Path to = classes().resolve(PACKAGES).resolve(from.getFileName());
    Files.createDirectories(to);
    try (var old = Files.newDirectoryStream(to)) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
    try (var files = Files.newDirectoryStream(from, glob)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void gcc(Path source, Path to, String... options) {
    List<String> words = new ArrayList<>(List.of("gcc", "-O2", "-Wall", "-Wextra", "-Werror"));
    words.addAll(List.of("-o", to.toString(), source.toString()));
    words.addAll(List.of(options));
    String _ = Command.of(words).sh();
  }
}
