package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The flags of the operator's image, which stand in operator/pom.xml. */
record OperatorJvm(List<String> flags) {
  /**
   * What its share of memory is in a container of the chart's limit; of this machine it is more.
   */
  private static final String HEAP = "-Xmx320m";

  private static final Pattern ENTRYPOINT =
      Pattern.compile("<entrypoint>[^<,]+/java,([^<]+),-cp,[^<]+</entrypoint>");

  OperatorJvm {
    flags = List.copyOf(flags);
  }

  static OperatorJvm ofImage() {
    return parse(BuiltProgram.pom("operator"));
  }

  static OperatorJvm parse(String pom) {
    return new OperatorJvm(
        BuiltProgram.flags(
            pom, ENTRYPOINT, "operator/pom.xml has no entrypoint with a class path"));
  }

  /** The words of a command that runs it here, with the code of the last build. */
  List<String> command(String... options) {
    return BuiltProgram.command(
        Stream.concat(flags.stream(), Stream.of(HEAP)).toList(),
        Checkout.root().resolve("e2e/target/lib") + "/*",
        "io.rdmagid.operator.OperatorMain",
        options);
  }
}
