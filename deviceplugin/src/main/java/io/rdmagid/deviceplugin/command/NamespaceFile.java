package io.rdmagid.deviceplugin.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * A network namespace as the user named it.
 *
 * @param text what was typed, a process or a path
 * @param file to enter it by
 */
record NamespaceFile(String text, Path file) {
  /** Reads a process id, or the path of a namespace such as /run/netns/NAME. */
  static final class Converter implements CommandLine.ITypeConverter<NamespaceFile> {
    @Override
    public NamespaceFile convert(String text) {
      if (text.matches("[0-9]{1,10}")) {
        Path process = Path.of("/proc", text);
        if (!Files.isDirectory(process)) {
          throw new CommandLine.TypeConversionException(
              "there is no process " + text + " among those that are seen here");
        }
        return new NamespaceFile(text, process.resolve("ns/net"));
      }
      Path file = path(text);
      if (text.isEmpty() || !Files.exists(file)) {
        throw new CommandLine.TypeConversionException(
            "'"
                + text
                + "' is neither a process id nor a file: those of ip-netns(8) are"
                + " /run/netns/NAME");
      }
      return new NamespaceFile(text, file);
    }

    private static Path path(String text) {
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw new CommandLine.TypeConversionException("'" + text + "' is no path");
      }
    }
  }
}
