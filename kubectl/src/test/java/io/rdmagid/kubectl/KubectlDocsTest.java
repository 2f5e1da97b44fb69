package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/kubectl.md shows is what the plugin prints of cluster {@code broken}, whose kubeconfig
 * has namespace train. With -Drdmagid.golden=true the page is written.
 */
class KubectlDocsTest {
  private static final Path PAGE = Path.of("../docs/kubectl.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```\n\\$ kubectl rdmagid ([^\n]*)\n(.*?)```\n", Pattern.DOTALL);

  @Test
  void thePageShowsWhatThePluginPrints(@TempDir Path folder) throws IOException {
    String page = Files.readString(PAGE);
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      Path kubeconfig = server.kubeconfig(folder, "train");
      String fresh =
          EXAMPLE
              .matcher(page)
              .replaceAll(example -> Matcher.quoteReplacement(shown(kubeconfig, example.group(1))));
      if (Boolean.getBoolean("rdmagid.golden")) {
        Files.writeString(PAGE, fresh);
        page = fresh;
      }
      assertThat(page).as("mvnb -pl kubectl test -Drdmagid.golden=true writes it").isEqualTo(fresh);
      assertThat(EXAMPLE.matcher(page).results()).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  private static String shown(Path kubeconfig, String words) {
    Plugin.Outcome outcome = Plugin.run(kubeconfig, words.split(" ", -1));
    List<String> lines = outcome.lines();
    return "```\n$ kubectl rdmagid "
        + words
        + "\n"
        + lines.stream().map(line -> line + "\n").collect(Collectors.joining())
        + outcome.err()
        + "```\n";
  }
}
