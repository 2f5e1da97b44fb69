package io.rdmagid.deviceplugin.inventory;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The device nodes by which programs open RDMA devices, where udev and the kernel put them. */
public final class VerbsNodes {
  private static final Pattern PATH = Pattern.compile("/dev/infiniband/(uverbs[0-9]{1,9})");

  private VerbsNodes() {}

  /** The name of the node ("uverbs0") that this path names; empty for any other path. */
  public static Optional<String> name(String path) {
    Matcher matcher = PATH.matcher(path);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
