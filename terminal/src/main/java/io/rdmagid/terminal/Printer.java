package io.rdmagid.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** Prints in the format that the user asks for. */
public final class Printer {
  private static final ObjectMapper JSON = new ObjectMapper();

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "table, wide, json (a document a source or reading, on one line), yaml, or jsonl (a"
              + " line an entry, port or change). Default: ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  /** The format. */
  public Format format() {
    return format;
  }

  /** Whether people read it. */
  public boolean isText() {
    return format == Format.TABLE || format == Format.WIDE;
  }

  /** Whether people want all columns. */
  public boolean isWide() {
    return format == Format.WIDE;
  }

  /**
   * Whether lines are coloured: on a terminal that takes it, unless the environment says NO_COLOR;
   * see <a href="https://picocli.info/#_heuristics_for_enabling_ansi">picocli's manual</a>.
   */
  public boolean colours() {
    return spec.commandLine().getColorScheme().ansi().enabled();
  }

  /** For people. */
  public void text(List<String> lines) {
    PrintWriter out = out();
    lines.forEach(out::println);
    out.flush();
  }

  /**
   * For scripts.
   *
   * @param document of one source
   * @param lines what of it stands on a line of its own
   */
  public void data(JsonNode document, List<? extends JsonNode> lines) {
    PrintWriter out = out();
    try {
      switch (format) {
        case JSON -> out.println(JSON.writeValueAsString(document));
        case YAML -> out.print(yaml(document));
        case JSONL -> {
          for (JsonNode line : lines) {
            out.println(JSON.writeValueAsString(line));
          }
        }
        case TABLE, WIDE -> throw new IllegalStateException("text is for people: " + format);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can be written", e);
    }
    out.flush();
  }

  private static String yaml(JsonNode document) throws JsonProcessingException {
    return new YAMLMapper().writeValueAsString(document);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
