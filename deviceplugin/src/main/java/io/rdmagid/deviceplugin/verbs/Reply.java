package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.posix.Errno;
import java.util.function.Function;

/** The outcome of a call on a device: a value, or a refusal. */
public sealed interface Reply<T> {
  /** The call succeeded. */
  record Ok<T>(T value) implements Reply<T> {}

  /**
   * The system refused.
   *
   * @param operation the function called
   * @param device the device, or empty where the call is not about one
   * @param errno why
   */
  record Refused<T>(String operation, String device, int errno) implements Reply<T> {
    /** One sentence for logs. */
    public String describe() {
      return (device.isEmpty() ? "" : device + ": ") + operation + ": " + Errno.describe(errno);
    }

    /** The same refusal as that of a call for another type of value. */
    public <R> Refused<R> as() {
      return new Refused<>(operation, device, errno);
    }
  }

  /** The value turned into another; a refusal stays what it is. */
  default <R> Reply<R> map(Function<? super T, ? extends R> function) {
    return switch (this) {
      case Ok<T>(T value) -> new Ok<>(function.apply(value));
      case Refused<T> refused -> refused.as();
    };
  }
}
