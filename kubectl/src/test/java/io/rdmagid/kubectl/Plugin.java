package io.rdmagid.kubectl;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the plugin as kubectl would. */
final class Plugin {
  private Plugin() {}

  /** What a run left. */
  record Outcome(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  /** Asks the cluster of a kubeconfig. */
  static Outcome run(Path kubeconfig, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--kubeconfig=" + kubeconfig);
    return run(all.toArray(String[]::new));
  }

  static Outcome run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter outWriter = new PrintWriter(out, true);
    int code = KubectlRdmagidMain.run(outWriter, new PrintWriter(err, true), words);
    outWriter.flush();
    return new Outcome(code, out.toString(), err.toString());
  }
}
