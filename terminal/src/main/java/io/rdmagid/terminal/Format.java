package io.rdmagid.terminal;

/** How a command prints. */
public enum Format {
  /** Aligned text for people, at most 80 columns wide on ordinary tables. */
  TABLE,
  /** The same with more columns. */
  WIDE,
  /** A document a source, on one line. */
  JSON,
  /** A document a source. */
  YAML,
  /** A line an entry or port. */
  JSONL
}
