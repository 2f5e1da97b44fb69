package io.rdmagid.operator;

import io.rdmagid.management.ProcessOptions;
import io.rdmagid.operator.eviction.FailoverSettings;
import io.rdmagid.operator.failover.Budget;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The operator's options, checked.
 *
 * @param leaderElectionNamespace the namespace of the Lease by which one of several operators leads
 * @param identity tells this operator from others, in that Lease and in Events: in a pod the pod's
 *     name, elsewhere the host's, else a random one
 * @param failover what evictions keep to; empty where no pod is to be evicted, whatever pools say
 * @param webhook where pods are admitted; empty where they are not
 * @param managementAddress where probes and metrics are served; port 0 takes a free one
 */
public record OperatorConfig(
    String leaderElectionNamespace,
    String identity,
    Optional<FailoverSettings> failover,
    Optional<Webhook> webhook,
    InetSocketAddress managementAddress,
    ProcessOptions.LogLevel logLevel) {
  /**
   * What the API server calls.
   *
   * @param address where to listen; port 0 takes a free one
   * @param certificate the folder of tls.crt and tls.key
   */
  public record Webhook(InetSocketAddress address, Path certificate) {}

  /** What became of the command line. */
  public sealed interface Result {
    /** The operator can start. */
    record Valid(OperatorConfig config) implements Result {}

    /** It cannot; all problems, each with its option and what to do. */
    record Invalid(List<String> problems) implements Result {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }

    /** Somebody asked how to call it. */
    record Help(String text) implements Result {}
  }

  private static final int USUAL_PORT = 9848;
  private static final int USUAL_WEBHOOK_PORT = 9849;
  private static final int MOST_NUMBER = 99_999;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
  private static final Pattern SHARE = Pattern.compile("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * The options as text, none of which needs a value: picocli would stop at the first bad one or
   * take the next option for its value, and we tell all. An option without its value is empty.
   */
  @CommandLine.Command(
      name = "rdmagid-operator",
      description = "Keeps the status of pools, and shows on pods what they hold.",
      sortOptions = false)
  private static final class Options {
    @CommandLine.Option(
        names = "--leader-election-namespace",
        paramLabel = "NAMESPACE",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description = "Where the Lease rdmagid-operator is. Default: the variable POD_NAMESPACE.")
    @Nullable String leaderElectionNamespace;

    @CommandLine.Option(
        names = "--failover",
        paramLabel = "BOOLEAN",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "false",
        description = "Evict pods where pools say so. Default: ${DEFAULT-VALUE}.")
    String failover = "";

    @CommandLine.Option(
        names = "--failover-breaker-share",
        paramLabel = "SHARE",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "0.2",
        description =
            "Share of the ports that pods hold, 0 to 1: nothing is evicted while more are broken."
                + " Default: ${DEFAULT-VALUE}.")
    String breakerShare = "";

    @CommandLine.Option(
        names = "--failover-pool-budget",
        paramLabel = "NUMBER",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "5",
        description = "Evictions of a pool in a window, a group is one. Default: ${DEFAULT-VALUE}.")
    String poolBudget = "";

    @CommandLine.Option(
        names = "--failover-cluster-budget",
        paramLabel = "NUMBER",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "10",
        description = "Evictions of all pools in a window. Default: ${DEFAULT-VALUE}.")
    String clusterBudget = "";

    @CommandLine.Option(
        names = "--failover-window-seconds",
        paramLabel = "SECONDS",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "600",
        description = "The window of both budgets. Default: ${DEFAULT-VALUE}.")
    String windowSeconds = "";

    @CommandLine.Option(
        names = "--webhook-address",
        paramLabel = "HOST:PORT",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        description = "Where the API server's reviews of pods are answered. Default: nowhere.")
    @Nullable String webhookAddress;

    @CommandLine.Option(
        names = "--webhook-certificate",
        paramLabel = "FOLDER",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "/etc/rdmagid/webhook",
        description = "Where tls.crt and tls.key for that are. Default: ${DEFAULT-VALUE}.")
    String webhookCertificate = "";

    @CommandLine.Option(
        names = "--management-address",
        paramLabel = "HOST:PORT",
        arity = "0..1",
        fallbackValue = "",
        hideParamSyntax = true,
        defaultValue = "127.0.0.1:9848",
        description = "Where /livez, /readyz and /metrics are served. Default: ${DEFAULT-VALUE}.")
    String managementAddress = "";

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
    String usage = ProcessOptions.read(options, arguments, "operator", problems);
    if (options.help) {
      return new Result.Help(usage);
    }
    OperatorConfig config =
        new OperatorConfig(
            namespace(options.leaderElectionNamespace, environment, problems),
            identity(environment),
            failover(options, problems),
            webhook(options, problems),
            ProcessOptions.managementAddress(options.managementAddress, USUAL_PORT, problems),
            ProcessOptions.logLevel(options.logLevel, problems));
    return problems.isEmpty() ? new Result.Valid(config) : new Result.Invalid(problems);
  }

  private static String identity(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOSTNAME"))
        .filter(name -> !name.isBlank())
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private static Optional<FailoverSettings> failover(Options options, List<String> problems) {
    int before = problems.size();
    boolean enabled = options.failover.equals("true");
    if (!enabled && !options.failover.equals("false")) {
      problems.add(
          ProcessOptions.problem(
              "--failover", options.failover, "is neither", "give true or false"));
    }
    double share = share(options.breakerShare, problems);
    int pool = number("--failover-pool-budget", options.poolBudget, 0, problems);
    int cluster = number("--failover-cluster-budget", options.clusterBudget, 0, problems);
    int window = number("--failover-window-seconds", options.windowSeconds, 1, problems);
    if (!enabled || problems.size() > before) {
      return Optional.empty();
    }
    Duration length = Duration.ofSeconds(window);
    return Optional.of(
        new FailoverSettings(share, new Budget(pool, length), new Budget(cluster, length)));
  }

  private static Optional<Webhook> webhook(Options options, List<String> problems) {
    if (options.webhookCertificate.isEmpty()) {
      problems.add(
          ProcessOptions.problem("--webhook-certificate", "", "", "give a folder with tls.crt"));
    }
    return Optional.ofNullable(options.webhookAddress)
        .map(address ->
            new Webhook(
                ProcessOptions.address("--webhook-address", address, USUAL_WEBHOOK_PORT, problems),
                Path.of(options.webhookCertificate)));
  }

  private static double share(String text, List<String> problems) {
    if (SHARE.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    problems.add(
        ProcessOptions.problem(
            "--failover-breaker-share", text, "is not 0 to 1", "give one such as 0.2"));
    return 0;
  }

  private static int number(String option, String text, int least, List<String> problems) {
    if (NUMBER.matcher(text).matches() && Integer.parseInt(text) >= least) {
      return Integer.parseInt(text);
    }
    problems.add(
        ProcessOptions.problem(
            option, text, "is not " + least + " to " + MOST_NUMBER, "give a whole number"));
    return least;
  }

  private static String namespace(
      @Nullable String option, Map<String, String> environment, List<String> problems) {
    String namespace = option != null ? option : environment.getOrDefault("POD_NAMESPACE", "");
    if (option == null && namespace.isEmpty()) {
      problems.add(
          "--leader-election-namespace is missing: give it, or set POD_NAMESPACE (the chart takes it"
              + " from metadata.namespace)");
    } else if (!DNS_LABEL.matcher(namespace).matches()) {
      problems.add(
          ProcessOptions.problem(
              "--leader-election-namespace",
              namespace,
              "is no name of a namespace",
              "give one that kubectl get namespaces shows"));
    }
    return namespace;
  }
}
