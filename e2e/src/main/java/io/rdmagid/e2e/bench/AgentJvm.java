package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Commands that run Java as the agent's image does, by the flags that stand in deploy/pom.xml. */
record AgentJvm(List<String> flags) {
  private static final Pattern FLAGS = Pattern.compile("<jvm\\.flags>([^<]+)</jvm\\.flags>");

  AgentJvm {
    flags = List.copyOf(flags);
  }

  static AgentJvm ofImage() {
    return parse(BuiltProgram.pom("deploy"));
  }

  static AgentJvm parse(String pom) {
    return new AgentJvm(BuiltProgram.flags(pom, FLAGS, "deploy/pom.xml has no jvm.flags"));
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
