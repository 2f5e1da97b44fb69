package io.rdmagid.kubectl.explain;

/** What tells which entries of a port's table there are. The words are for programs and stay. */
public enum JudgedBy {
  /** The host's table, as the port's RdmaGid shows it. */
  HOST_TABLE("RdmaGid"),
  /** The pod's record, which has the entry that was given and no other. */
  RECORD("RdmaGidAssignment");

  private final String text;

  JudgedBy(String text) {
    this.text = text;
  }

  /** The word in output: the kind of the object. */
  public String text() {
    return text;
  }
}
