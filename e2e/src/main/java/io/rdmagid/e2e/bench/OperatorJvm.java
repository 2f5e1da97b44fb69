package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flags of the operator's image, which stand in operator/pom.xml. */
record OperatorJvm(List<String> flags) {
  private static final Pattern ENTRYPOINT =
      Pattern.compile("<entrypoint>[^<,]+/java,([^<]+),-cp,[^<]+</entrypoint>");

  OperatorJvm {
    flags = List.copyOf(flags);
  }

  static OperatorJvm ofImage() {
    try {
      return parse(Files.readString(Checkout.root().resolve("operator/pom.xml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OperatorJvm parse(String pom) {
    Matcher entrypoint = ENTRYPOINT.matcher(pom);
    if (!entrypoint.find()) {
      throw new TestbedException("operator/pom.xml has no entrypoint with a class path");
    }
    return new OperatorJvm(List.of(entrypoint.group(1).split(",", -1)));
  }

  /** The words of a command that runs it here, with the code of the last build. */
  List<String> command(String... options) {
    return BuiltProgram.command(
        flags,
        Checkout.root().resolve("e2e/target/lib") + "/*",
        "io.rdmagid.operator.OperatorMain",
        options);
  }
}
