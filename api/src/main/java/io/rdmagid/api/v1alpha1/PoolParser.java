package io.rdmagid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Glob;
import io.rdmagid.pool.NodeSelector;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortSelector;
import io.rdmagid.pool.VirtualFunctions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@link RdmaGidPool} into types that hold only what makes sense, and names all that does
 * not. Takes for absent fields what the schema's defaults say.
 */
public final class PoolParser {
  /** What every resource name of a pool begins with. */
  public static final String RESOURCE_PREFIX = "rdmagid.io/";

  /** Where the DSCP begins in the byte of the traffic class (RFC 2474). */
  private static final int DSCP_SHIFT = 2;

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern RESOURCE_NAME =
      Pattern.compile(Pattern.quote(RESOURCE_PREFIX) + "[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?");
  private static final Pattern NETDEV_GLOB = Pattern.compile(Bounds.NETDEV_GLOB);
  private static final PoolGid DEFAULT_GID = new PoolGid(null, null, List.of(), null, null, null);

  private final FieldReader fields = new FieldReader();

  private PoolParser() {}

  /** Reads spec and effective rule. Never throws. */
  public static ParsedPool parse(RdmaGidPool object) {
    PoolParser parser = new PoolParser();
    FailoverPolicy failover = parser.failover(object.getSpec());
    Pool pool = parser.pool(object.getMetadata(), object.getSpec());
    return pool == null
        ? new ParsedPool.Invalid(parser.fields.problems())
        : new ParsedPool.Valid(pool, effective(object.getStatus()), failover);
  }

  private @Nullable Pool pool(@Nullable ObjectMeta metadata, @Nullable RdmaGidPoolSpec spec) {
    if (metadata == null || spec == null) {
      fields.missing(metadata == null ? "metadata" : "spec");
      return null;
    }
    String name = name(metadata.getName());
    Instant createdAt = createdAt(metadata.getCreationTimestamp());
    long generation = fields.count("metadata.generation", metadata.getGeneration());
    String resourceName = resourceName(spec.resourceName(), name);
    List<PortSelector> ports = ports(spec.ports());
    GidWish gid = gid(spec.gid() == null ? DEFAULT_GID : spec.gid());
    int podsPerPort = podsPerPort(spec.podsPerPort());
    OptionalInt trafficClass = trafficClass(spec.traffic());
    if (!fields.problems().isEmpty()) {
      return null;
    }
    return new Pool(
        name,
        resourceName,
        createdAt,
        generation,
        spec.nodeSelector() == null
            ? NodeSelector.ANY
            : new NodeSelector(spec.nodeSelector().matchLabels()),
        ports,
        gid,
        podsPerPort,
        Set.copyOf(spec.libraries()),
        trafficClass,
        Boolean.TRUE.equals(spec.memlock()),
        metadata.getDeletionTimestamp() != null);
  }

  private String name(@Nullable String name) {
    if (name != null && !DNS_LABEL.matcher(name).matches()) {
      fields.problem(
          "metadata.name", "is no DNS label (at most 63 of a-z, 0-9 and -): '" + name + "'");
      return "";
    }
    return fields.text("metadata.name", name);
  }

  private Instant createdAt(@Nullable String text) {
    try {
      return Instant.parse(fields.text("metadata.creationTimestamp", text));
    } catch (DateTimeException e) {
      if (text != null && !text.isEmpty()) {
        fields.problem("metadata.creationTimestamp", "is no time of RFC 3339: '" + text + "'");
      }
      return Instant.EPOCH;
    }
  }

  private String resourceName(@Nullable String resourceName, String pool) {
    if (resourceName == null) {
      return RESOURCE_PREFIX + pool;
    }
    if (!RESOURCE_NAME.matcher(resourceName).matches()) {
      fields.problem(
          "spec.resourceName",
          "is not "
              + RESOURCE_PREFIX
              + " and at most 63 of a-z, 0-9, -, _ and .: '"
              + resourceName
              + "'");
    }
    return resourceName;
  }

  private int podsPerPort(@Nullable Integer podsPerPort) {
    if (podsPerPort == null) {
      return 1;
    }
    inRange("spec.podsPerPort", podsPerPort, 1, Pool.MOST_PODS_PER_PORT);
    return podsPerPort;
  }

  private FailoverPolicy failover(@Nullable RdmaGidPoolSpec spec) {
    PoolFailover told = spec == null ? null : spec.failover();
    if (told == null) {
      return FailoverPolicy.NONE;
    }
    GidChangeAction action =
        told.onGidChange() == null
            ? GidChangeAction.REFRESH
            : fields.word(
                "spec.failover.onGidChange",
                told.onGidChange(),
                "action",
                GidChangeAction::fromText);
    Integer seconds = told.gracePeriodSeconds();
    inRange("spec.failover.gracePeriodSeconds", seconds, 0, Bounds.GRACE_SECONDS);
    return new FailoverPolicy(
        action == null ? GidChangeAction.REFRESH : action,
        seconds == null
            ? FailoverPolicy.NONE.gracePeriod()
            : Duration.ofSeconds(Math.max(0, seconds)),
        Boolean.TRUE.equals(told.dryRun()));
  }

  private OptionalInt trafficClass(@Nullable PoolTraffic traffic) {
    if (traffic == null) {
      return OptionalInt.empty();
    }
    Integer told = traffic.trafficClass();
    Integer dscp = traffic.dscp();
    if (told != null && dscp != null) {
      fields.problem("spec.traffic", "has both class and dscp: class is dscp times 4");
    }
    inRange("spec.traffic.class", told, 0, Pool.MOST_TRAFFIC_CLASS);
    inRange("spec.traffic.dscp", dscp, 0, Pool.MOST_TRAFFIC_CLASS >> DSCP_SHIFT);
    return told != null
        ? OptionalInt.of(told)
        : dscp == null ? OptionalInt.empty() : OptionalInt.of(dscp << DSCP_SHIFT);
  }

  private void inRange(String path, @Nullable Integer number, int least, int most) {
    if (number != null && (number < least || number > most)) {
      fields.problem(path, "is not " + least + " to " + most + ": " + number);
    }
  }

  private List<PortSelector> ports(List<PoolPortSelector> rows) {
    if (rows.isEmpty()) {
      fields.problem("spec.ports", "has no selector: {} means every port");
    }
    List<PortSelector> selectors = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      selectors.add(selector("spec.ports[" + i + "]", rows.get(i)));
    }
    return selectors;
  }

  private PortSelector selector(String path, PoolPortSelector row) {
    List<VirtualFunctions> pfNames = virtualFunctions(path + ".pfNames", row.pfNames());
    for (int i = 0; i < row.linkLayers().size(); i++) {
      String linkLayer = row.linkLayers().get(i);
      if (!linkLayer.equals(PortFacts.ETHERNET) && !linkLayer.equals(PortFacts.INFINIBAND)) {
        fields.problem(
            path + ".linkLayers[" + i + "]",
            "is no link layer that this version knows: '" + linkLayer + "'");
      }
    }
    double minRateGbps = row.minRateGbps() == null ? 0 : row.minRateGbps();
    if (!(minRateGbps >= 0)) {
      fields.problem(path + ".minRateGbps", "is not 0 or more: " + minRateGbps);
    }
    return new PortSelector(
        globs(row.names()),
        globs(row.netdevs()),
        globs(row.drivers()),
        globs(row.vendors()),
        globs(row.deviceIDs()),
        globs(row.pciAddresses()),
        pfNames,
        row.linkLayers(),
        row.numaNodes(),
        minRateGbps,
        fields.subnets(path + ".subnets", row.subnets()));
  }

  /** Those that are right. */
  private List<VirtualFunctions> virtualFunctions(String path, List<PoolVirtualFunctions> rows) {
    if (rows.size() > Bounds.LIST) {
      fields.problem(path, "has " + rows.size() + " elements, more than " + Bounds.LIST);
    }
    List<VirtualFunctions> functions = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PoolVirtualFunctions row = rows.get(i);
      String at = path + "[" + i + "]";
      int before = fields.problems().size();
      String name = fields.text(at + ".name", row.name());
      if (!name.isEmpty()
          && (name.length() > Bounds.NAME || !NETDEV_GLOB.matcher(name).matches())) {
        fields.problem(
            at + ".name",
            "is no name or pattern of a netdev (at most "
                + Bounds.NAME
                + " characters, no white space, /, : or #): '"
                + name
                + "'");
      }
      inRange(at + ".first", row.first(), 0, VirtualFunctions.LAST_INDEX);
      inRange(at + ".last", row.last(), 0, VirtualFunctions.LAST_INDEX);
      int first = row.first() == null ? 0 : row.first();
      int last = row.last() == null ? VirtualFunctions.LAST_INDEX : row.last();
      if (row.first() != null && row.last() != null && last < first) {
        fields.problem(at + ".last", "is less than first: " + last + " < " + first);
      }
      if (fields.problems().size() == before) {
        functions.add(new VirtualFunctions(new Glob(name), first, last));
      }
    }
    return functions;
  }

  private static List<Glob> globs(List<String> patterns) {
    return patterns.stream().map(Glob::new).toList();
  }

  private GidWish gid(PoolGid gid) {
    Optional<GidType> type = auto("spec.gid.type", gid.type(), "type", GidType::fromText);
    Optional<IpFamily> family = auto("spec.gid.family", gid.family(), "family", IpFamily::fromText);
    List<IpSubnet> subnets = fields.subnets("spec.gid.subnets", gid.subnets());
    if (family.isPresent()
        && !subnets.isEmpty()
        && subnets.stream().noneMatch(subnet -> subnet.family() == family.get())) {
      fields.problem(
          "spec.gid.subnets", "hold no " + family.get().text() + " address, as family asks for");
    }
    GidScope scope =
        gid.scope() == null
            ? GidScope.POD
            : fields.word("spec.gid.scope", gid.scope(), "scope", GidScope::fromText);
    return new GidWish(
        type,
        family,
        subnets,
        Boolean.TRUE.equals(gid.allowLinkLocal()),
        scope == null ? GidScope.POD : scope,
        !Boolean.FALSE.equals(gid.required()));
  }

  private <T> Optional<T> auto(
      String path, @Nullable String text, String what, Function<String, Optional<T>> known) {
    return text == null || text.equals(PoolGid.AUTO)
        ? Optional.empty()
        : Optional.ofNullable(fields.word(path, text, what, known));
  }

  private static Optional<EffectiveRule> effective(@Nullable RdmaGidPoolStatus status) {
    EffectiveGidRule shown = status == null ? null : status.effective();
    if (shown == null || shown.allowLinkLocal() == null || shown.required() == null) {
      return Optional.empty();
    }
    FieldReader fields = new FieldReader();
    GidType type = fields.word("type", shown.type(), "type", GidType::fromText);
    IpFamily family = fields.word("family", shown.family(), "family", IpFamily::fromText);
    GidScope scope = fields.word("scope", shown.scope(), "scope", GidScope::fromText);
    List<IpSubnet> subnets = fields.subnets("subnets", shown.subnets());
    long generation = fields.count("generation", shown.generation());
    long revision = fields.count("revision", shown.revision());
    if (!fields.problems().isEmpty() || type == null || family == null || scope == null) {
      return Optional.empty();
    }
    GidRule rule = new GidRule(type, family, subnets, shown.allowLinkLocal());
    return Optional.of(new EffectiveRule(rule, scope, shown.required(), generation, revision));
  }
}
