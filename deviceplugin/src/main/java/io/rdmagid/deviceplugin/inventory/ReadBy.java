package io.rdmagid.deviceplugin.inventory;

/** How the GID tables of a device were read. The facts are the same whichever way it was. */
public enum ReadBy {
  /** All ports by one call. */
  IOCTL("ioctl"),
  /** A call a slot. */
  ENTRIES("entries"),
  /** Files of sysfs, a few a slot; they name netdevs and do not number them. */
  SYSFS("sysfs"),
  /** A recording: nobody asked a kernel. */
  RECORDING("recording");

  private final String text;

  ReadBy(String text) {
    this.text = text;
  }

  /** The word for people, metrics and logs. */
  public String text() {
    return text;
  }
}
