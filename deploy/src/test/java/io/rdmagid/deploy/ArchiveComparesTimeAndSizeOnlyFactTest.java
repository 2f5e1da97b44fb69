package io.rdmagid.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why the image's archive is named by a hash of its jars: the JVM compares a jar's time and size,
 * and jib gives all jars one time.
 */
class ArchiveComparesTimeAndSizeOnlyFactTest {
  private static final FileTime BUILT = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir Path folder;
  private Path jar;
  private Path archive;

  @BeforeEach
  void archiveOfOldCode() throws IOException, InterruptedException {
    jar = folder.resolve("app.jar");
    archive = folder.resolve("app.jsa");
    Path classes = Files.writeString(folder.resolve("classes"), "Hello\n");
    writeJar("old");
    Output dump =
        java(
            "-Xshare:dump",
            "-XX:+AOTClassLinking",
            "-XX:SharedClassListFile=" + classes,
            "-XX:SharedArchiveFile=" + archive);
    assertThat(dump.code()).as(dump.text()).isZero();
  }

  @Test
  void aJarOfTheSameTimeAndSizeRunsOldCode() throws IOException, InterruptedException {
    long size = Files.size(jar);
    writeJar("new");
    assertThat(Files.size(jar)).isEqualTo(size);

    assertThat(hello("-Xshare:on").text()).isEqualTo("old\n");
  }

  @Test
  void aJarOfAnotherTimeIsRefused() throws IOException, InterruptedException {
    writeJar("new");
    Files.setLastModifiedTime(jar, FileTime.from(BUILT.toInstant().plusSeconds(1)));

    assertThat(hello("-Xshare:on").code()).isNotZero();
    assertThat(hello("-Xshare:auto").text()).endsWith("new\n");
  }

  private Output hello(String share) throws IOException, InterruptedException {
    return java(share, "-XX:SharedArchiveFile=" + archive, "Hello");
  }

  /** Not compressed, so that words of one length make jars of one size. */
  private void writeJar(String word) throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("Hello.java"),
            """
            class Hello {
              public static void main(String[] arguments) {
                System.out.println("%s");
              }
            }
            """
                .formatted(word));
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, "-d", folder.toString(), source.toString());
    assertThat(code).isZero();
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.setLevel(Deflater.NO_COMPRESSION);
      JarEntry entry = new JarEntry("Hello.class");
      entry.setLastModifiedTime(BUILT);
      out.putNextEntry(entry);
      out.write(Files.readAllBytes(folder.resolve("Hello.class")));
      out.closeEntry();
    }
    Files.setLastModifiedTime(jar, BUILT);
  }

  private Output java(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                jar.toString()));
    command.addAll(List.of(words));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Output(process.exitValue(), Files.readString(output));
  }

  private record Output(int code, String text) {}
}
