package io.rdmagid.deviceplugin.inventory;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A device that is there but of which there is no reading.
 *
 * @param name as the RDMA subsystem knows it, such as {@code mlx5_0}
 * @param cause what kind of refusal it is
 * @param reason why it cannot be read and what to do, for people, without a full stop
 * @param attributes what can be told without opening it
 * @param ports the numbers of its ports, ascending; empty where nobody can tell
 */
public record UnreadDevice(
    String name, Cause cause, String reason, DeviceAttributes attributes, List<Integer> ports) {
  /** Why there is no reading. */
  public enum Cause {
    /** The system refused a call; it may not the next time. */
    REFUSED("Refused"),
    /** libibverbs has no library for its driver, and will have none before somebody installs it. */
    NO_PROVIDER("NoProvider"),
    /** It belongs to another network namespace, and only who is in there can read it. */
    OTHER_NAMESPACE("OtherNamespace");

    private final String text;

    Cause(String text) {
      this.text = text;
    }

    /** The word in API objects and for scripts. */
    public String text() {
      return text;
    }

    /** The cause written as {@code text}. */
    public static Optional<Cause> fromText(String text) {
      return Arrays.stream(values()).filter(cause -> cause.text.equals(text)).findFirst();
    }
  }

  public UnreadDevice {
    ports = List.copyOf(ports);
  }

  /** A device that a call was refused on, and of which nothing else is told. */
  public static UnreadDevice refused(String name, String reason) {
    return new UnreadDevice(name, Cause.REFUSED, reason, DeviceAttributes.UNKNOWN, List.of());
  }

  /** A device that belongs to another network namespace. */
  public static UnreadDevice foreign(String name) {
    return new UnreadDevice(
        name,
        Cause.OTHER_NAMESPACE,
        "it belongs to another network namespace: rdmagid show --netns PID|PATH",
        DeviceAttributes.UNKNOWN,
        List.of());
  }

  /** Whether it belongs to another network namespace: nothing was refused, for nobody asked. */
  public boolean isForeign() {
    return cause == Cause.OTHER_NAMESPACE;
  }

  /** One sentence for logs and for people. */
  public String describe() {
    return reason.isEmpty() ? name + " cannot be read" : name + ": " + reason;
  }
}
