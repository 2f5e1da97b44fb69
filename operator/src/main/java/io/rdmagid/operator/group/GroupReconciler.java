package io.rdmagid.operator.group;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.operator.job.FabricOwnerApi;
import io.rdmagid.operator.job.OwnerChain;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into each RdmaGidAssignment whether the pods of its job fit together, the condition
 * GroupConsistent, and tells of a change once. A pod of no job has no such condition. Whose pod it
 * is is read once, its label then counts for its life; where not all may be read, again and again.
 */
@ControllerConfiguration(
    name = GroupReconciler.NAME,
    fieldManager = FieldManagers.OPERATOR,
    // The agent writes the status, which has no generation.
    generationAwareEventProcessing = false,
    // A pod that is gone is no longer a member.
    triggerReconcilerOnAllEvents = true,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@RateLimited(maxReconciliations = 2, within = 1)
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
public final class GroupReconciler implements Reconciler<RdmaGidAssignment> {
  /** Of the controller. */
  public static final String NAME = "group";

  private static final Logger LOG = LoggerFactory.getLogger(GroupReconciler.class);

  /** How many objects the server lists at a time. */
  private static final long PAGE = 500;

  /** Timers are no better than that. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final FactStore<RdmaGidAssignment, Optional<Member>> members =
      new FactStore<>(RdmaGidAssignment::new, Member::of);
  private final SimpleInboundEventSource<RdmaGidAssignment> changes =
      new SimpleInboundEventSource<>("changes");
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
  private final AtomicBoolean complete = new AtomicBoolean();
  private final ClusterFacts facts;
  private final OwnerChain owners;
  private final Groups groups;
  private final GroupEvents events;
  private final Clock clock;

  /** Of which job a pod is. */
  private record Known(String podUid, OwnerChain.Job job) {}

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param facts of ports and pools; another controller fills it
   * @param instance names this operator among others in Events, at most 128 characters
   * @param clock tells the time of Events, when a condition changes its status, and for how long a
   *     verdict has stood
   */
  public GroupReconciler(
      KubernetesClient client, ClusterFacts facts, String instance, Clock clock) {
    this.facts = facts;
    this.owners = new OwnerChain(new FabricOwnerApi(client), clock);
    this.groups = new Groups(facts, clock, this::isComplete, Verdict::of);
    this.events = new GroupEvents(client, instance, clock);
    this.clock = clock;
  }

  /** What is to be set of the controller beside what is annotated: it keeps members only. */
  public void configure(ControllerConfigurationOverrider<RdmaGidAssignment> configuration) {
    configuration.withItemStore(members).withInformerListLimit(PAGE);
  }

  @Override
  public List<EventSource<?, RdmaGidAssignment>> prepareEventSources(
      EventSourceContext<RdmaGidAssignment> context) {
    facts
        .ports()
        .onChange((was, is) -> {
          Optional<PublishedPort> before = was.flatMap(port -> port);
          Optional<PublishedPort> after = is.flatMap(port -> port);
          if (!compared(before).equals(compared(after))) {
            after.or(() -> before).ifPresent(port -> look(groups.portChanged(port.facts().ref())));
          }
        });
    facts
        .pools()
        .onChange(
            (was, is) -> is.or(() -> was).ifPresent(pool -> look(groups.ruleChanged(pool.name()))));
    return List.of(changes);
  }

  /** What of a port is compared. */
  private static List<Object> compared(Optional<PublishedPort> port) {
    return port.<List<Object>>map(shown -> List.of(shown.facts().linkLayer(), shown.mtu()))
        .orElse(List.of());
  }

  private void look(List<String> keys) {
    for (String key : keys) {
      int slash = key.indexOf('/');
      changes.propagateEvent(new ResourceID(key.substring(slash + 1), key.substring(0, slash)));
    }
  }

  /** Once it is, it stays: a pod that comes later is one of many events then. */
  private boolean isComplete() {
    if (!complete.get()) {
      complete.set(
          members
              .keySet()
              .allMatch(key ->
                  known.containsKey(key) || members.fact(key).flatMap(fact -> fact).isEmpty()));
    }
    return complete.get();
  }

  @Override
  public UpdateControl<RdmaGidAssignment> reconcile(
      RdmaGidAssignment object, Context<RdmaGidAssignment> context) {
    String key = members.getKey(object);
    Optional<Member> member =
        context.isPrimaryResourceDeleted()
            ? Optional.empty()
            : members.fact(key).flatMap(fact -> fact);
    if (member.isEmpty()) {
      known.remove(key);
      look(groups.leave(key));
      return UpdateControl.noUpdate();
    }
    OwnerChain.Job job = jobOf(key, member.get());
    Optional<Duration> askAgain =
        job.until().map(until -> Duration.between(clock.instant(), until).plus(SHORTEST));
    if (job.group().isEmpty()) {
      look(groups.leave(key));
      return again(UpdateControl.noUpdate(), askAgain, Optional.empty());
    }
    Groups.Look found = groups.join(job.group().get(), key, member.get());
    look(found.others());
    found.telling().ifPresent(this::tell);
    UpdateControl<RdmaGidAssignment> written =
        found
            .verdict()
            .flatMap(verdict -> condition(member.get(), verdict))
            .map(condition -> UpdateControl.patchStatus(applied(object, condition)))
            .orElseGet(UpdateControl::noUpdate);
    return again(written, askAgain, found.again());
  }

  /** To be called again after the shorter time, if there is one. */
  private static UpdateControl<RdmaGidAssignment> again(
      UpdateControl<RdmaGidAssignment> control, Optional<Duration> one, Optional<Duration> other) {
    Stream.of(one, other)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .ifPresent(control::rescheduleAfter);
    return control;
  }

  private OwnerChain.Job jobOf(String key, Member member) {
    Known before = known.get(key);
    if (before != null
        && before.podUid().equals(member.podUid())
        && before.job().stands(clock.instant())) {
      return before.job();
    }
    OwnerChain.Job job = owners.jobOf(member.namespace(), member.pod(), member.podUid());
    known.put(key, new Known(member.podUid(), job));
    return job;
  }

  private void tell(Groups.Telling telling) {
    LOG.atInfo()
        .addKeyValue("group", telling.group().namespace() + "/" + telling.group().name())
        .addKeyValue("reason", telling.verdict().reason())
        .addKeyValue("message", telling.verdict().message())
        .log("group changed");
    events.tell(telling);
    groups.told(telling);
  }

  /** Empty where the assignment has it. */
  private Optional<Condition> condition(Member member, Verdict verdict) {
    Condition condition =
        Conditions.next(
            member.shown() == null ? List.of() : List.of(member.shown()),
            RdmaGidAssignmentStatus.GROUP_CONSISTENT,
            ConditionStatus.of(verdict.isConsistent()),
            verdict.reason(),
            verdict.message(),
            null,
            clock);
    return isShown(condition, member.shown()) ? Optional.empty() : Optional.of(condition);
  }

  private static boolean isShown(Condition condition, @Nullable Condition shown) {
    return shown != null
        && Objects.equals(condition.getStatus(), shown.getStatus())
        && Objects.equals(condition.getReason(), shown.getReason())
        && Objects.equals(condition.getMessage(), shown.getMessage());
  }

  /** The operator's one condition of an assignment: applied, it is all that it has there. */
  private static RdmaGidAssignment applied(RdmaGidAssignment object, Condition condition) {
    RdmaGidAssignment applied = new RdmaGidAssignment();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(object.getMetadata().getNamespace())
            .withName(object.getMetadata().getName())
            .withUid(object.getMetadata().getUid())
            .build());
    applied.setStatus(new RdmaGidAssignmentStatus(List.of(), List.of(condition)));
    return applied;
  }
}
