package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.testbed.TestbedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures, writes what it measured into {@code docs/benchmarks.md}, and ends with 1 where a figure
 * is not what it has to be.
 */
public final class BenchMain {
  private static final String USAGE = "usage: bench [native | node | operator NODES]";

  private BenchMain() {}

  /** The process's entry. */
  public static void main(String[] arguments) {
    try {
      System.exit(run(List.copyOf(Arrays.asList(arguments))));
    } catch (TestbedException e) {
      System.err.println("rdmagid: " + e.getMessage());
      System.exit(1);
    }
  }

  private static int run(List<String> arguments) {
    boolean operatorOnly = arguments.size() == 2 && arguments.getFirst().equals("operator");
    boolean onTheMachine = arguments.isEmpty() || arguments.equals(List.of("native"));
    boolean onNode = arguments.isEmpty() || arguments.equals(List.of("node"));
    if (!onTheMachine && !onNode && !operatorOnly) {
      throw new TestbedException(USAGE);
    }
    // An emulated node takes time from all that is beside it, also one that has nothing to do.
    Testbed.end();
    if (operatorOnly) {
      // The page is of one size.
      return told(shown(new OperatorBench(nodes(arguments.getLast())).run()).failures());
    }
    BenchPrograms programs = BenchPrograms.build();
    BenchPage page = new BenchPage(Checkout.root().resolve("docs/benchmarks.md"));
    AgentJvm jvm = AgentJvm.ofImage();
    List<Figure> failures = new ArrayList<>();
    if (onTheMachine) {
      failures.addAll(finish(new NativeBench(programs, jvm).run(), page));
      failures.addAll(finish(new OperatorBench(OperatorBench.NODES).run(), page));
    }
    if (onNode) {
      failures.addAll(finish(new NodeBench(Testbed.up(), programs, jvm).run(), page));
    }
    return told(failures);
  }

  private static int nodes(String argument) {
    try {
      return Integer.parseInt(argument);
    } catch (NumberFormatException e) {
      throw new TestbedException(USAGE, e);
    }
  }

  private static int told(List<Figure> failures) {
    for (Figure failure : failures) {
      System.err.printf(
          "rdmagid: %s: %s, but %s is asked for (%s)%n",
          failure.what(), failure.text(), failure.bar().text(failure.unit()), failure.conditions());
    }
    return failures.isEmpty() ? 0 : 1;
  }

  private static List<Figure> finish(Chapter chapter, BenchPage page) {
    page.write(shown(chapter));
    return chapter.failures();
  }

  private static Chapter shown(Chapter chapter) {
    System.out.println();
    for (Figure figure : chapter.figures()) {
      System.out.printf(
          "  %12s  %-10s  %s (%s)%n",
          figure.text(), figure.bar().text(figure.unit()), figure.what(), figure.conditions());
    }
    System.out.println();
    return chapter;
  }
}
