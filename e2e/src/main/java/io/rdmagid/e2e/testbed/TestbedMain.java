package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The testbed from the command line. */
public final class TestbedMain {
  private static final String USAGE =
      "usage: up | down | status | shell NODE | kubectl ARGUMENT...";

  private TestbedMain() {}

  public static void main(String[] arguments) {
    try {
      System.exit(run(List.copyOf(Arrays.asList(arguments))));
    } catch (TestbedException e) {
      System.err.println("rdmagid: " + e.getMessage());
      System.exit(1);
    }
  }

  private static int run(List<String> arguments) {
    List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
    return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "up" -> {
        Testbed testbed = Testbed.up();
        System.out.println("the testbed is up; its files are in " + testbed.folder());
        yield 0;
      }
      case "down" -> {
        Testbed.attach().down();
        System.out.println("the testbed is down");
        yield 0;
      }
      case "status" -> {
        boolean up = Testbed.attach().isUp();
        System.out.println(up ? "up" : "down, or not as it is prepared now");
        yield up ? 0 : 1;
      }
      case "shell" -> {
        if (rest.size() != 1) {
          throw new TestbedException(USAGE);
        }
        yield inTerminal(Testbed.attach().node(rest.getFirst()).shell());
      }
      case "kubectl" -> inTerminal(Testbed.attach().kubectl().words(rest));
      default -> throw new TestbedException(USAGE);
    };
  }

  private static int inTerminal(List<String> words) {
    try {
      return new ProcessBuilder(words).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new TestbedException(e.getMessage() == null ? words.getFirst() : e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }
}
