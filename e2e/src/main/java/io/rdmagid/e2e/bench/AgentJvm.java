package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that run Java as the agent's image does, by the flags that stand in deploy/pom.xml. */
record AgentJvm(List<String> flags) {
  private static final Pattern FLAGS = Pattern.compile("<jvm\\.flags>([^<]+)</jvm\\.flags>");

  AgentJvm {
    flags = List.copyOf(flags);
  }

  static AgentJvm ofImage() {
    Path pom = Checkout.root().resolve("deploy/pom.xml");
    try {
      return parse(Files.readString(pom));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AgentJvm parse(String pom) {
    Matcher flags = FLAGS.matcher(pom);
    if (!flags.find()) {
      throw new TestbedException("deploy/pom.xml has no jvm.flags");
    }
    return new AgentJvm(List.of(flags.group(1).split(",", -1)));
  }

  /** The words of a command that runs the agent here, with the code of the last build. */
  List<String> agent(String... options) {
    Path target = Checkout.root().resolve("deviceplugin/target");
    return BuiltProgram.command(
        flags,
        target.resolve("classes") + ":" + target.resolve("lib") + "/*",
        "io.rdmagid.deviceplugin.AgentMain",
        options);
  }

  /** The words of a command that runs one of the programs that measure. */
  List<String> command(String java, String classPath, String main, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of(java));
    words.addAll(flags);
    words.addAll(List.of("-cp", classPath, "io.rdmagid.deviceplugin.bench." + main));
    words.addAll(arguments);
    return words;
  }
}
