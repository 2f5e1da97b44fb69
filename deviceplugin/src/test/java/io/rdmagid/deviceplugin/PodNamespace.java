package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real network namespace beside the one of the tests: its {@code net1} is a macvlan on {@link
 * #lower}. It needs root.
 */
public final class PodNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final String lower;
  private final String peer;

  /** Makes it, with net1 up and without an address. */
  public PodNamespace() {
    String id = ProcessHandle.current().pid() % 100_000 + "x" + COUNT.incrementAndGet();
    name = "rdmagid-test-" + id;
    lower = "rd" + id;
    peer = "rp" + id;
    ip("netns add " + name);
    ip("link add " + lower + " type veth peer name " + peer);
    ip("link add link " + lower + " name rm" + id + " type macvlan mode bridge");
    ip("link set rm" + id + " netns " + name + " name net1");
    ipInside("link set net1 up");
  }

  /** The file to enter it by. */
  public Path file() {
    return Path.of("/run/netns", name);
  }

  /** The link of this namespace that net1 is on. */
  public String lower() {
    return lower;
  }

  /** Its other end, which nothing is on. */
  public String peer() {
    return peer;
  }

  /** Runs ip(8) in the namespace. */
  public void ipInside(String arguments) {
    ip("-n " + name + " " + arguments);
  }

  /** Sets a variable of the kernel's in the namespace. */
  public void sysctlInside(String setting) {
    ip("netns exec " + name + " sysctl -qw " + setting);
  }

  /** Runs ip(8) here. */
  public static void ip(String arguments) {
    run("", ("ip " + arguments).split(" ", -1));
  }

  /** Runs lines of ip(8) here, in one process. */
  public static void batch(String lines) {
    run(lines, "ip", "-batch", "-");
  }

  @Override
  public void close() {
    ip("netns del " + name);
    ip("link del " + lower);
  }

  private static void run(String input, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
