package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link World} in which anything happens: what the kernel does to one port's table by the
 * addresses of three pods, what becomes of the pods, and how an agent follows that. It knows whose
 * each slot is, which no table tells, and so which index is right.
 */
final class RandomNode {
  private static final int FIRST_SLOT = 2;

  /** Room for all addresses of all pods, each by two types: the kernel leaves none out. */
  private static final int SLOTS = 30;

  private static final int PODS = 3;
  private static final HeldPort PORT = new HeldPort("rxe0", 1);
  private static final List<String> ADDRESSES =
      List.of("::ffff:10.20.0.5", "::ffff:10.20.0.6", "::ffff:10.20.0.7", "fd00::5");
  private static final Map<String, PoolTerms> TERMS = Map.of("rail", World.terms(GidScope.POD));

  private final Random random;
  private final World world = new World();
  private final Map<Integer, Slot> slots = new TreeMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private String boot = World.BOOT;
  private boolean plugged = true;
  private int names;
  private AllocationBook book;

  /** What only the kernel knows: whose an entry is. */
  private record Slot(Pod pod, Gid gid, GidType type) {}

  /** One sandbox after the other, all of the same device id. */
  private static final class Pod {
    final AllocationId id;

    /** The number of its link, in whichever sandbox: other pods may have the same. */
    int ifindex;

    boolean refused;

    /** Whether its container was made with us, or shown to us, and nothing was lost since. */
    boolean known;

    @Nullable String sandbox;
    @Nullable String container;

    Pod(int number) {
      id = new AllocationId("rail", List.of("rxe0:1::" + number));
    }
  }

  /** Three pods that are allocated and have no sandbox yet. */
  RandomNode(Random random) {
    this.random = random;
    book = world.book(boot);
    book.read(table());
    for (int i = 0; i < PODS; i++) {
      Pod pod = new Pod(i);
      pods.add(pod);
      book.allocate(pod.id, List.of(PORT));
    }
  }

  /** What happened so far. */
  String story() {
    return String.join(", ", story);
  }

  /** Something happens, and the agent has followed it. */
  void step() {
    Pod pod = pods.get(random.nextInt(PODS));
    int what = random.nextInt(24);
    if (what < 8) {
      told("address", pod, () -> changeAddress(pod));
      book.read(table());
    } else if (what < 14) {
      told("container", pod, () -> create(pod));
    } else {
      switch (what) {
        case 14 -> told("end", pod, () -> endSandbox(pod));
        case 15 -> told("container ends", pod, () -> endContainer(pod));
        case 16 -> told("allocate", pod, () -> allocate(pod));
        case 17 -> told("plug", pod, () -> plugged = !plugged);
        case 18, 19 -> told("look", pod, () -> pod.refused = !pod.refused && pod.sandbox != null);
        case 20 -> told("disk", pod, () -> fill(pod));
        case 21 -> told("record lost", pod, () -> startAgent(pod));
        case 22 -> told("agent", pod, () -> startAgent(null));
        default -> told("boot", pod, this::reboot);
      }
      pods.forEach(this::see);
      book.read(table());
    }
    book.follow(book.behind());
  }

  private void told(String what, Pod pod, Runnable step) {
    story.add(what + " " + pods.indexOf(pod));
    step.run();
    pods.forEach(this::see);
  }

  /** The folders whose index is not their pod's own, or that have none without a reason. */
  List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    for (Pod pod : pods) {
      Optional<Integer> right = right(pod);
      Optional<Integer> told = told(pod);
      boolean certain = pod.known && !pod.refused && isOnlyIts(pod) && !isFull(pod);
      if (told.isPresent() ? !told.equals(right) : certain && right.isPresent()) {
        wrong.add(pods.indexOf(pod) + " has " + told + " for " + right);
      }
    }
    return wrong;
  }

  /** The lowest RoCE v2 slot of an IPv4 address of the pod's own. */
  private Optional<Integer> right(Pod pod) {
    return slots.entrySet().stream()
        .filter(slot -> plugged && slot.getValue().pod() == pod)
        .filter(slot -> slot.getValue().type() == GidType.ROCE_V2)
        .filter(slot -> slot.getValue().gid().family() == IpFamily.IPV4)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether no other pod has one of its addresses on a link of the same number. */
  private boolean isOnlyIts(Pod pod) {
    return slots.values().stream()
        .filter(slot -> slot.pod() != pod && slot.pod().ifindex == pod.ifindex)
        .noneMatch(slot -> addresses(pod).contains(slot.gid()));
  }

  private Optional<Integer> told(Pod pod) {
    return world
        .folders
        .getOrDefault(pod.id.hash(), Map.of())
        .getOrDefault("env", "")
        .lines()
        .filter(line -> line.startsWith("export RDMAGID_RAIL_0_GID_INDEX="))
        .map(line -> Integer.valueOf(line.substring(line.indexOf('=') + 1)))
        .findFirst();
  }

  private boolean isFull(Pod pod) {
    return world.full.contains(pod.id.hash());
  }

  private List<Gid> addresses(Pod pod) {
    return slots.values().stream()
        .filter(slot -> slot.pod() == pod)
        .map(Slot::gid)
        .distinct()
        .toList();
  }

  private Inventory table() {
    List<GidEntry> entries = new ArrayList<>();
    slots.forEach((index, slot) ->
        entries.add(new GidEntry(index, slot.gid(), slot.type(), slot.pod().ifindex, "")));
    return plugged ? World.inventory(List.of(World.DEFAULT, World.HOST), entries) : Inventory.EMPTY;
  }

  /** The pod's namespace is what the kernel has, or cannot be seen. */
  private void see(Pod pod) {
    if (pod.sandbox != null) {
      Optional<Path> namespace = sandbox(pod.sandbox).networkNamespace();
      if (pod.refused) {
        world.namespaces.put(namespace, NamespaceLook.Unseen.refused("of the test"));
      } else {
        String[] texts = addresses(pod).stream().map(Gid::address).toArray(String[]::new);
        world.see(
            namespace,
            false,
            Map.of(pod.ifindex, World.link(pod.ifindex, "net1", World.RAIL, texts)));
      }
    }
  }

  private void changeAddress(Pod pod) {
    if (pod.sandbox == null) {
      return;
    }
    Gid gid = Gid.parse(ADDRESSES.get(random.nextInt(ADDRESSES.size())));
    if (!slots.values().removeIf(slot -> slot.pod() == pod && slot.gid().equals(gid))) {
      take(new Slot(pod, gid, GidType.ROCE_V1));
      take(new Slot(pod, gid, GidType.ROCE_V2));
    }
  }

  /** A free slot, any of them: which one the kernel takes is its own affair. */
  private void take(Slot slot) {
    List<Integer> free = new ArrayList<>();
    for (int index = FIRST_SLOT; index < FIRST_SLOT + SLOTS; index++) {
      if (!slots.containsKey(index)) {
        free.add(index);
      }
    }
    slots.put(free.get(random.nextInt(free.size())), slot);
  }

  /** Another container of the pod's sandbox, with us or, where the agent is too late, without. */
  private void create(Pod pod) {
    if (pod.sandbox == null) {
      pod.sandbox = "s" + names++;
      pod.ifindex = FIRST_SLOT + random.nextInt(2);
      take(new Slot(pod, Gid.parse(ADDRESSES.getFirst()), GidType.ROCE_V2));
      see(pod);
      book.read(table());
    }
    endContainer(pod);
    String id = "c" + names++;
    pod.container = id;
    ContainerSpec container = container(pod);
    Optional<List<AllocationRecord>> allocations = book.allocationsOf(container);
    if (allocations.isEmpty() || random.nextInt(6) == 0) {
      story.add("made without asking");
      return;
    }
    try {
      book.claim(sandbox(pod.sandbox), container, allocations.get(), TERMS);
      ContainerSet set = book.choose(id);
      if (random.nextInt(6) == 0) {
        story.add("given up");
        book.abandon(id);
      } else if (set.objections().isEmpty()) {
        book.settle(id, set, Frozen.NONE);
        pod.known = true;
      } else {
        story.add("refused");
        book.refuse(id, set);
        pod.container = null;
      }
    } catch (UncheckedIOException e) {
      story.add("refused by the disk");
      book.refuse(id);
      pod.container = null;
    }
  }

  private void endContainer(Pod pod) {
    if (pod.container != null) {
      book.containersEnded(pod.container::equals);
      pod.container = null;
    }
    pod.known = false;
  }

  private void endSandbox(Pod pod) {
    if (pod.sandbox != null) {
      leave(pod);
      // The stop may come before the table, or after it, and twice.
      String ended = pod.sandbox;
      pod.sandbox = null;
      if (random.nextBoolean()) {
        book.read(table());
      }
      List<String> _ = book.ended(ended);
    }
  }

  /** Nothing of its sandbox is left. */
  private void leave(Pod pod) {
    slots.values().removeIf(slot -> slot.pod() == pod);
    world.namespaces.remove(sandbox(String.valueOf(pod.sandbox)).networkNamespace());
    pod.container = null;
    pod.known = false;
    pod.refused = false;
  }

  private void allocate(Pod pod) {
    pod.known = false;
    try {
      List<String> _ = book.allocate(pod.id, List.of(PORT));
    } catch (UncheckedIOException e) {
      // the kubelet gives something else
    }
  }

  private void fill(Pod pod) {
    if (!world.full.remove(pod.id.hash())) {
      world.full.add(pod.id.hash());
    }
  }

  /** While there is no agent the tables go on; the runtime then shows what it has. */
  private void startAgent(@Nullable Pod lost) {
    Pod changed = pods.get(random.nextInt(PODS));
    told("address", changed, () -> changeAddress(changed));
    if (lost != null) {
      world.disk.remove(lost.id);
      lost.known = false;
    }
    begin();
    Map<String, Sandbox> alive = new TreeMap<>();
    List<ContainerSpec> containers = new ArrayList<>();
    for (Pod pod : pods) {
      if (pod.sandbox != null && pod.container != null) {
        alive.put(pod.sandbox, sandbox(pod.sandbox));
        containers.add(container(pod));
      }
    }
    ClusterPools pools = new ClusterPools(List.of(World.pool("rail", GidScope.POD)));
    new Synchronization(book, () -> pools, strays()).follow(alive, containers);
  }

  private void begin() {
    book = world.book(boot);
    strays().withdraw();
    book.read(table());
  }

  private StrayFolders strays() {
    return new StrayFolders(world.foldersEdge(), book::knows);
  }

  private void reboot() {
    boot = "boot-" + names++;
    pods.forEach(this::leave);
    pods.forEach(pod -> pod.sandbox = null);
    begin();
  }

  private static Sandbox sandbox(String name) {
    return new Sandbox(
        name, "uid-" + name, "default", name, Optional.of(Path.of("/run/netns", name)), "");
  }

  private static ContainerSpec container(Pod pod) {
    return World.container(String.valueOf(pod.container), String.valueOf(pod.sandbox), pod.id);
  }
}
