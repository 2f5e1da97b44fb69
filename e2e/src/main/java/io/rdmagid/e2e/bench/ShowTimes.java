package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How long {@code rdmagid show} takes for a recording of eight ports, from start to exit. */
final class ShowTimes {
  static final int PROCESSES = 20;
  static final List<String> COMMAND =
      List.of("dist/bin/rdmagid", "show", "--recording", "samples/mlx5-8-rails.json");

  private ShowTimes() {}

  static Times measure() {
    List<Long> nanos = new ArrayList<>();
    run(); // what comes from the disk comes now
    for (int i = 0; i < PROCESSES; i++) {
      long begin = System.nanoTime();
      run();
      nanos.add(System.nanoTime() - begin);
    }
    return new Times(nanos);
  }

  private static void run() {
    try {
      int exit =
          new ProcessBuilder(COMMAND)
              .directory(Checkout.root().toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new TestbedException(String.join(" ", COMMAND) + ": exit " + exit);
      }
    } catch (IOException e) {
      throw new TestbedException("no dist/bin/rdmagid: run make build first", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted", e);
    }
  }
}
