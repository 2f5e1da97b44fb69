package io.rdmagid.deviceplugin;

import io.rdmagid.deviceplugin.cri.HookWish;
import io.rdmagid.deviceplugin.kubelet.KubeletRegistration;
import io.rdmagid.deviceplugin.observe.DeviceAccess;
import io.rdmagid.deviceplugin.wire.QuerySocket;
import io.rdmagid.management.ProcessOptions;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The agent's options, checked.
 *
 * @param nodeName the agent's Node
 * @param managementAddress where probes and metrics are served; port 0 takes a free one
 * @param recording a file to read in place of the kernel
 * @param resync how long at least between two readings of everything, from the kernel and from the
 *     server
 * @param access how the kernel's devices are read
 * @param allocate whether devices are handed out to pods; else they are only shown
 * @param kubeletRegistration how the pools' device plugins come to the kubelet
 * @param containerHook by what the agent is to hear of containers
 * @param criSocket the container runtime's, where it is not one of the usual
 * @param querySocket where the tables are served to whoever asks on the node
 */
public record AgentConfig(
    String nodeName,
    InetSocketAddress managementAddress,
    Optional<Path> recording,
    Duration resync,
    DeviceAccess access,
    boolean allocate,
    KubeletRegistration kubeletRegistration,
    HookWish containerHook,
    Optional<Path> criSocket,
    Optional<Path> querySocket,
    ProcessOptions.LogLevel logLevel) {
  /** What became of the command line. */
  public sealed interface Result {
    /** The agent can start. */
    record Valid(AgentConfig config) implements Result {}

    /** It cannot; all problems, each with its option and what to do. */
    record Invalid(List<String> problems) implements Result {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }

    /** Somebody asked how to call it. */
    record Help(String text) implements Result {}
  }

  /** The values of {@code --read-by}. */
  private enum Reader {
    LIBIBVERBS,
    SYSFS
  }

  private static final int USUAL_PORT = 9847;
  private static final Duration SHORTEST_RESYNC = Duration.ofMinutes(1);
  private static final Duration LONGEST_RESYNC = Duration.ofHours(24);
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smh])");
  private static final Pattern DNS_SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  /**
   * The options as text, none of which needs a value: picocli would stop at the first bad one or
   * take the next option for its value, and we tell all. An option without its value is empty.
   */
  @CommandLine.Command(
      name = "rdmagid-agent",
      description = "Publishes the GID tables of a node's RDMA ports.",
      sortOptions = false)
  private static final class Options {
    @CommandLine.Option(
        names = "--node-name",
        paramLabel = "NAME",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description = "The agent's Node. Default: the variable NODE_NAME.")
    @Nullable String nodeName;

    @CommandLine.Option(
        names = "--management-address",
        paramLabel = "HOST:PORT",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "127.0.0.1:9847",
        description = "Where /livez, /readyz and /metrics are served. Default: ${DEFAULT-VALUE}.")
    String managementAddress = "";

    @CommandLine.Option(
        names = "--recording",
        paramLabel = "FILE",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description = "Read this recording in place of the kernel.")
    @Nullable String recording;

    @CommandLine.Option(
        names = "--resync",
        paramLabel = "DURATION",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "10m",
        description = "Read everything again this often, 1m to 24h. Default: ${DEFAULT-VALUE}.")
    String resync = "";

    @CommandLine.Option(
        names = "--hold-devices",
        paramLabel = "BOOLEAN",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description =
            "Keep devices open, so that their events come; false opens them for each reading, so"
                + " that any can be removed. Default: true, with --read-by=sysfs false.")
    @Nullable String holdDevices;

    @CommandLine.Option(
        names = "--read-by",
        paramLabel = "HOW",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "libibverbs",
        description =
            "How devices are read: libibverbs opens them; sysfs opens none, needs no privilege, and"
                + " only shows. Default: ${DEFAULT-VALUE}.")
    String readBy = "";

    @CommandLine.Option(
        names = "--allocate",
        paramLabel = "BOOLEAN",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description =
            "Hand devices out to pods; false only shows them. Default: true, with --recording or"
                + " --read-by=sysfs false.")
    @Nullable String allocate;

    @CommandLine.Option(
        names = "--kubelet-registration",
        paramLabel = "HOW",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "device-plugins",
        description =
            "How the kubelet gets to know the pools: device-plugins calls it by its socket,"
                + " plugin-watcher lets it find ours in plugins_registry. Default:"
                + " ${DEFAULT-VALUE}.")
    String kubeletRegistration = "";

    @CommandLine.Option(
        names = "--container-hook",
        paramLabel = "HOW",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "auto",
        description =
            "How the agent hears of containers: nri by the container runtime, for files and"
                + " variables; pre-start by the kubelet, for files only; auto by the runtime where"
                + " it has NRI. Default: ${DEFAULT-VALUE}.")
    String containerHook = "";

    @CommandLine.Option(
        names = "--cri-socket",
        paramLabel = "PATH",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description =
            "The container runtime's socket, which is asked where it has no NRI. Default: that of"
                + " containerd or CRI-O.")
    @Nullable String criSocket;

    @CommandLine.Option(
        names = "--query-socket",
        paramLabel = "PATH",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description =
            "Serve the tables on this Unix socket, or none. Default:"
                + " /run/rdmagid-agent/query.sock, with --recording none.")
    @Nullable String querySocket;

    @CommandLine.Option(
        names = "--log-level",
        paramLabel = "LEVEL",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "info",
        description = "error, warn, info, debug or trace. Default: ${DEFAULT-VALUE}.")
    String logLevel = "";

    @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;
  }

  /** Reads the command line. */
  public static Result parse(List<String> arguments, Map<String, String> environment) {
    Options options = new Options();
    List<String> problems = new ArrayList<>();
    String usage = ProcessOptions.read(options, arguments, "agent", problems);
    if (options.help) {
      return new Result.Help(usage);
    }
    boolean bySysfs =
        OptionValues.oneOf(
                Reader.values(),
                "--read-by",
                options.readBy,
                "is no way to read devices",
                "give libibverbs or sysfs",
                problems)
            == Reader.SYSFS;
    AgentConfig config =
        new AgentConfig(
            nodeName(options.nodeName, environment, problems),
            ProcessOptions.managementAddress(options.managementAddress, USUAL_PORT, problems),
            recording(options.recording, problems),
            resync(options.resync, problems),
            access(options.holdDevices, bySysfs, problems),
            allocate(options.allocate, options.recording == null, bySysfs, problems),
            OptionValues.oneOf(
                KubeletRegistration.values(),
                "--kubelet-registration",
                options.kubeletRegistration,
                "is no way to register",
                "give device-plugins or plugin-watcher",
                problems),
            OptionValues.oneOf(
                HookWish.values(),
                "--container-hook",
                options.containerHook,
                "is no way to hear of containers",
                "give auto, nri or pre-start",
                problems),
            criSocket(options.criSocket, problems),
            querySocket(options.querySocket, options.recording == null, problems),
            ProcessOptions.logLevel(options.logLevel, problems));
    return problems.isEmpty() ? new Result.Valid(config) : new Result.Invalid(problems);
  }

  private static String nodeName(
      @Nullable String option, Map<String, String> environment, List<String> problems) {
    String name = option != null ? option : environment.getOrDefault("NODE_NAME", "");
    if (option == null && name.isEmpty()) {
      problems.add(
          "--node-name is missing: give it, or set NODE_NAME (the chart takes it from"
              + " spec.nodeName)");
    } else if (name.length() > 253 || !DNS_SUBDOMAIN.matcher(name).matches()) {
      problems.add(
          ProcessOptions.problem(
              "--node-name",
              name,
              "is no name of a Node",
              "give one that kubectl get nodes shows"));
    }
    return name;
  }

  private static Optional<Path> recording(@Nullable String text, List<String> problems) {
    if (text == null) {
      return Optional.empty();
    }
    Path file = Path.of(text);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      problems.add(
          ProcessOptions.problem(
              "--recording", text, "is no file that can be read", "give a recording"));
    }
    return Optional.of(file);
  }

  private static Duration resync(String text, List<String> problems) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
          };
      if (duration.compareTo(SHORTEST_RESYNC) >= 0 && duration.compareTo(LONGEST_RESYNC) <= 0) {
        return duration;
      }
    }
    problems.add(
        ProcessOptions.problem(
            "--resync",
            text,
            "is not a duration from 1m to 24h",
            "give one such as 90s, 10m or 1h"));
    return SHORTEST_RESYNC;
  }

  private static DeviceAccess access(
      @Nullable String holdDevices, boolean bySysfs, List<String> problems) {
    boolean hold =
        holdDevices == null
            ? !bySysfs
            : OptionValues.truth("--hold-devices", holdDevices, problems);
    if (hold && bySysfs) {
      problems.add(notBySysfs("--hold-devices"));
    }
    return bySysfs ? DeviceAccess.SYSFS : hold ? DeviceAccess.HELD : DeviceAccess.OPENED;
  }

  /** Who only reads sysfs hears of some changes late, and a pod's index may be one of them. */
  private static boolean allocate(
      @Nullable String text, boolean otherwise, boolean bySysfs, List<String> problems) {
    boolean allocate =
        text == null ? otherwise && !bySysfs : OptionValues.truth("--allocate", text, problems);
    if (allocate && bySysfs) {
      problems.add(notBySysfs("--allocate"));
    }
    return allocate;
  }

  private static String notBySysfs(String option) {
    return ProcessOptions.problem(
        option,
        "true",
        "does not go with --read-by=sysfs, which opens no device",
        "give false, or leave it out");
  }

  private static Optional<Path> criSocket(@Nullable String text, List<String> problems) {
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(
        OptionValues.socket(
            "--cri-socket", text, "give one such as /run/containerd/containerd.sock", problems));
  }

  /** A recording's tables are not the node's: they are served only where somebody says so. */
  private static Optional<Path> querySocket(
      @Nullable String text, boolean otherwise, List<String> problems) {
    if (text == null) {
      return otherwise ? Optional.of(QuerySocket.USUAL) : Optional.empty();
    }
    if (text.equals(QuerySocket.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        OptionValues.socket(
            "--query-socket",
            text,
            "give one such as " + QuerySocket.USUAL + ", or " + QuerySocket.NONE,
            problems));
  }
}
