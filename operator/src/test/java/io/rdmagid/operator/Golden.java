package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Pairs of files: {@code in-NAME.yaml} with objects, {@code out-NAME.yaml} with what is made of
 * them. {@code -Drdmagid.golden=true} writes the latter instead of comparing.
 */
public record Golden(Path in) {
  private static final Pattern DOCUMENT = Pattern.compile("^---$", Pattern.MULTILINE);

  /** All pairs of a folder under the test resources, by name. */
  public static List<Golden> in(String folder) {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
      List<Golden> all =
          files
              .filter(file -> file.getFileName().toString().startsWith("in-"))
              .sorted()
              .map(Golden::new)
              .toList();
      assertThat(all).isNotEmpty();
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a kind, in the order of the file. */
  public <T> List<T> objects(Class<T> type) {
    return DOCUMENT
        .splitAsStream(read(in))
        .filter(document ->
            document.lines().anyMatch(line -> line.equals("kind: " + type.getSimpleName())))
        .map(document -> Serialization.unmarshal(document, type))
        .toList();
  }

  /** Compares, or writes. */
  public void check(Object made) {
    Path out = in.resolveSibling(in.getFileName().toString().replaceFirst("in-", "out-"));
    String yaml = Serialization.asYaml(made);
    if (Boolean.getBoolean("rdmagid.golden")) {
      try {
        Files.writeString(out, yaml);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(yaml).as("%s", out).isEqualTo(read(out));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return in.getFileName().toString();
  }
}
