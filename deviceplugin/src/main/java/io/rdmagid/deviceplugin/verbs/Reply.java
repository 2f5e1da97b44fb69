package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.posix.Errno;
import java.util.Map;
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
   * @param advice what people can do about it; empty where nothing is known to help
   */
  record Refused<T>(String operation, String device, int errno, String advice) implements Reply<T> {
    /** What a refusal by uverbs means and asks for, by errno. */
    private static final Map<Integer, String> ADVICE =
        Map.of(
            Errno.EPERM.code(),
            "it belongs to another network namespace, or the device cgroup leaves out its node: run"
                + " where it belongs, and allow the node",
            Errno.ENOENT.code(),
            "its device node is not here: mount the host's /dev/infiniband",
            Errno.EACCES.code(),
            "its device node keeps others out: run as root, or give the node mode 0666",
            Errno.EAGAIN.code(),
            "the rdma cgroup allows no more handles: raise hca_handle in rdma.max",
            Errno.EMFILE.code(),
            "raise the limit of open files",
            Errno.EIO.code(),
            "if it stays, the kernel's log says why",
            Errno.ENXIO.code(),
            "if it stays, the kernel's log says why");

    /** A refusal with the advice for its errno, where it is about a device. */
    public Refused(String operation, String device, int errno) {
      this(operation, device, errno, device.isEmpty() ? "" : ADVICE.getOrDefault(errno, ""));
    }

    /** One sentence for logs. */
    public String describe() {
      return (device.isEmpty() ? "" : device + ": ")
          + operation
          + ": "
          + Errno.describe(errno)
          + (advice.isEmpty() ? "" : "; " + advice);
    }

    /** The same refusal as that of a call for another type of value. */
    public <R> Refused<R> as() {
      return new Refused<>(operation, device, errno, advice);
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
