package io.rdmagid.deviceplugin.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a command printed, and how it ended. */
record Outcome(int code, String out, String err) {
  /** Of this command line, in this process. */
  static Outcome of(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        RdmagidMain.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
