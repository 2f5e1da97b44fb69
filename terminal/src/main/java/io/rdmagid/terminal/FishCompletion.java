package io.rdmagid.terminal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A script of {@code complete} lines (complete(1) of fish) for a command with subcommands. */
final class FishCompletion {
  private FishCompletion() {}

  static String of(CommandSpec root) {
    List<String> lines = new ArrayList<>();
    lines.add("complete -c " + root.name() + " -f");
    for (OptionSpec option : root.options()) {
      lines.add(option(root, "__fish_use_subcommand", option));
    }
    root.subcommands()
        .forEach((name, command) -> {
          CommandSpec spec = command.getCommandSpec();
          if (spec.usageMessage().hidden()) {
            return;
          }
          lines.add(
              "complete -c "
                  + root.name()
                  + " -n __fish_use_subcommand -a "
                  + name
                  + describe(spec.usageMessage().description()));
          spec.options()
              .forEach(
                  option -> lines.add(option(root, "__fish_seen_subcommand_from " + name, option)));
        });
    return String.join("\n", lines).replace("${ROOT-COMMAND-NAME}", root.name());
  }

  private static String option(CommandSpec root, String condition, OptionSpec option) {
    StringJoiner line = new StringJoiner(" ");
    line.add("complete -c").add(root.name()).add("-n").add(quote(condition));
    for (String name : option.names()) {
      line.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    Iterable<String> candidates = option.completionCandidates();
    if (candidates != null) {
      List<String> words = new ArrayList<>();
      candidates.forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
      line.add("-x -a").add(quote(String.join(" ", words)));
    } else if (option.type().equals(Path.class)) {
      line.add("-r -F");
    } else if (option.arity().max() > 0) {
      line.add("-x");
    }
    String standard = option.defaultValue() == null ? "" : option.defaultValue();
    return line + describe(option.description()).replace("${DEFAULT-VALUE}", standard);
  }

  private static String describe(String[] description) {
    return description.length == 0 ? "" : " -d " + quote(String.join(" ", description));
  }

  /** In single quotes fish knows a backslash before a quote and before itself. */
  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
