package io.rdmagid.operator.cleaning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.operator.cleaning.CleaningApi.Deleted;
import io.rdmagid.operator.cleaning.CleaningApi.FoundRecord;
import io.rdmagid.operator.cleaning.CleaningApi.OwnedGid;
import io.rdmagid.operator.cleaning.CleaningApi.PodState;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.ClusterFacts.PresentNode;
import io.rdmagid.operator.fact.PublishedPort;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is left over and deletes it: what seemed so for a minute by what is watched (of
 * pods, twice a minute apart by asking), seems so still when the server is asked, and has not
 * changed since. A watch that broke, an old cache and a Node that is back delete nothing thereby.
 * Little at a time. Not thread-safe.
 */
final class Cleaning {
  /** RdmaGids of one round. */
  static final int MOST_GIDS = 20;

  /** Pods that are asked for in one round. */
  static final int MOST_PODS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Cleaning.class);

  private final CleaningApi api;
  private final ClusterFacts facts;
  private final Clock clock;
  private final Counter gidsDeleted;
  private final Counter assignmentsDeleted;
  private final Suspicions gids = new Suspicions();
  private final PodLooks pods = new PodLooks();

  Cleaning(CleaningApi api, ClusterFacts facts, MeterRegistry registry, Clock clock) {
    this.api = api;
    this.facts = facts;
    this.clock = clock;
    this.gidsDeleted = counter(registry, "RdmaGid");
    this.assignmentsDeleted = counter(registry, "RdmaGidAssignment");
  }

  private static Counter counter(MeterRegistry registry, String kind) {
    return Counter.builder("rdmagid.leftovers.deleted")
        .description("Objects deleted whose Node or pod is gone, or whose pod has ended")
        .tag("kind", kind)
        .register(registry);
  }

  /**
   * One round.
   *
   * @param records of all assignments
   * @return when there is something to do again, if nothing happens until then
   */
  Optional<Instant> round(Collection<PodRecord> records) {
    if (facts.nodes().size() == 0) {
      // The operator runs on one: this says that nothing was read, not that nothing is there.
      return Optional.empty();
    }
    cleanGids();
    cleanAssignments(records);
    return Stream.of(gids.next(), pods.next())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private void cleanGids() {
    Instant now = clock.instant();
    Set<String> suspects = new TreeSet<>();
    facts
        .ports()
        .keySet()
        .forEach(name -> {
          Optional<PublishedPort> port = facts.ports().fact(name).flatMap(fact -> fact);
          if (port.flatMap(shown -> Leftover.ofNode(shown.owners(), watched(shown))).isPresent()) {
            suspects.add(name);
          }
        });
    Map<String, Optional<String>> asked = new HashMap<>();
    gids.standing(suspects, now).stream()
        .limit(MOST_GIDS)
        .forEach(name -> {
          gids.beginAnew(name, now);
          api.gid(name).ifPresent(gid -> clean(gid, asked));
        });
  }

  /** The uid of the Node of a port, by what is watched. */
  private Optional<String> watched(PublishedPort port) {
    return facts.nodes().fact(port.facts().ref().node()).map(PresentNode::uid);
  }

  private void clean(OwnedGid gid, Map<String, Optional<String>> asked) {
    Optional<String> nodeUid = asked.computeIfAbsent(gid.node(), api::nodeUid);
    Optional<Leftover> leftover = Leftover.ofNode(gid.owners(), nodeUid);
    if (leftover.isPresent() && api.deleteGid(gid.version()) == Deleted.DONE) {
      gidsDeleted.increment();
      tell("RdmaGid", gid.version().name(), leftover.get());
    }
  }

  private void cleanAssignments(Collection<PodRecord> records) {
    Instant now = clock.instant();
    pods.due(records, node -> facts.nodes().fact(node).isPresent(), now).stream()
        .limit(MOST_PODS)
        .forEach(record -> {
          Optional<PodState> pod = api.pod(record.namespace(), record.name());
          if (pods.looked(record, Leftover.ofPod(record, pod).isPresent(), now)) {
            api.assignment(record.namespace(), record.name()).ifPresent(found -> clean(found, pod));
          }
        });
  }

  private void clean(FoundRecord found, Optional<PodState> pod) {
    Optional<Leftover> leftover = Leftover.ofPod(found.record(), pod);
    if (leftover.isPresent()
        && api.deleteAssignment(found.record().namespace(), found.version()) == Deleted.DONE) {
      assignmentsDeleted.increment();
      tell("RdmaGidAssignment", found.record().key(), leftover.get());
    }
  }

  private static void tell(String kind, String name, Leftover leftover) {
    LOG.atInfo()
        .addKeyValue("kind", kind)
        .addKeyValue("object", name)
        .addKeyValue("reason", leftover.text())
        .log("leftover deleted");
  }
}
