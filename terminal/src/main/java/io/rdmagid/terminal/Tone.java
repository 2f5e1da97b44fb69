package io.rdmagid.terminal;

import picocli.CommandLine.Help.Ansi.Style;

/** How a line reads, for terminals that show colours; its words say the same. */
public enum Tone {
  /** As any other. */
  PLAIN(""),
  /** What to use, or what came. */
  GOOD(Style.fg_green.on()),
  /** What went, or is not as it should be. */
  BAD(Style.fg_red.on()),
  /** What is another than before. */
  CHANGED(Style.fg_yellow.on()),
  /** What is there and not for the reader. */
  FAINT(Style.faint.on());

  private final String begin;

  Tone(String begin) {
    this.begin = begin;
  }

  /** The line, in its colour where there are any. */
  public String of(String line, boolean colours) {
    return colours && !begin.isEmpty() ? begin + line + Style.reset.on() : line;
  }
}
