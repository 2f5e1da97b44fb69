package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * @param cause what kind of refusal it is
   * @param earlier the refusals of other ways to the same end, tried before, for people
   */
  record Refused<T>(
      String operation,
      String device,
      int errno,
      String advice,
      UnreadDevice.Cause cause,
      List<String> earlier)
      implements Reply<T> {
    private static final String REMOVED = "if it stays, the kernel's log says why";
    private static final String TOO_OLD =
        "the kernel or libibverbs is too old for it: Linux 5.10 and rdma-core 32 have it";

    /** What a refusal by uverbs means and asks for, by errno. */
    private static final Map<Integer, String> ADVICE =
        Map.ofEntries(
            Map.entry(
                Errno.EPERM.code(),
                "it belongs to another network namespace, or the device cgroup leaves out its"
                    + " node: run where it belongs, and allow the node"),
            Map.entry(
                Errno.ENOENT.code(),
                "its device node is not here: mount the host's /dev/infiniband"),
            Map.entry(
                Errno.EACCES.code(),
                "its device node keeps others out: run as root, or give the node mode 0666"),
            Map.entry(
                Errno.EAGAIN.code(),
                "the rdma cgroup allows no more handles: raise hca_handle in rdma.max"),
            Map.entry(Errno.EMFILE.code(), "raise the limit of open files"),
            Map.entry(
                Errno.ENOMEM.code(),
                "the kernel, or the device, has no room for another user: close others, or raise"
                    + " the limit of locked memory"),
            Map.entry(Errno.EIO.code(), REMOVED),
            Map.entry(Errno.ENXIO.code(), REMOVED),
            Map.entry(Errno.ENODEV.code(), "it has just gone; " + REMOVED),
            Map.entry(
                Errno.EINVAL.code(),
                "if it stays, kernel and libibverbs do not fit each other: take a newer rdma-core"),
            Map.entry(Errno.EFAULT.code(), "that is a mistake of rdmagid: report it"),
            Map.entry(Errno.ENOTTY.code(), TOO_OLD),
            Map.entry(Errno.ENOSYS.code(), TOO_OLD),
            Map.entry(Errno.EPROTONOSUPPORT.code(), TOO_OLD),
            Map.entry(
                Errno.EOPNOTSUPP.code(),
                "the device's provider library does not know the call: take a newer rdma-core"));

    /** What ends when others let go of something, or by itself. */
    private static final Set<Integer> PASSING =
        Set.of(
            Errno.EINTR.code(),
            Errno.EAGAIN.code(),
            Errno.ENOMEM.code(),
            Errno.EBUSY.code(),
            Errno.ENFILE.code(),
            Errno.EMFILE.code(),
            Errno.ENOBUFS.code(),
            Errno.ETIMEDOUT.code());

    public Refused {
      earlier = List.copyOf(earlier);
    }

    /** A refusal with the advice for its errno, where it is about a device. */
    public Refused(String operation, String device, int errno) {
      this(operation, device, errno, device.isEmpty() ? "" : ADVICE.getOrDefault(errno, ""));
    }

    /** A refusal with advice of its own. */
    public Refused(String operation, String device, int errno, String advice) {
      this(operation, device, errno, advice, UnreadDevice.Cause.REFUSED, List.of());
    }

    /** Whether the same call may succeed a moment later, without anybody's doing. */
    public boolean mayPass() {
      return PASSING.contains(errno);
    }

    /** Why and what to do, without the device's name. */
    public String why() {
      return operation
          + ": "
          + Errno.describe(errno)
          + (advice.isEmpty() ? "" : "; " + advice)
          + (earlier.isEmpty() ? "" : "; before that " + String.join(", ", earlier));
    }

    /** One sentence for logs. */
    public String describe() {
      return (device.isEmpty() ? "" : device + ": ") + why();
    }

    /** The same refusal with what was refused before it. */
    public Refused<T> after(List<String> refusals) {
      List<String> all = new ArrayList<>(refusals);
      all.addAll(earlier);
      return new Refused<>(operation, device, errno, advice, cause, all);
    }

    /** What was refused and why, for {@link #after}. */
    String inShort() {
      return operation + ": " + Errno.describe(errno);
    }

    /** The same refusal as that of a call for another type of value. */
    public <R> Refused<R> as() {
      return new Refused<>(operation, device, errno, advice, cause, earlier);
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
