package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Glob;
import io.rdmagid.pool.NodeSelector;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PortSelector;
import io.rdmagid.pool.VirtualFunctions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node with one port for tests: its table, namespaces, disk and record, all in memory. */
final class World {
  static final String BOOT = "boot-1";
  static final int RAIL = 3;
  static final Path POD_NAMESPACE = Path.of("/run/netns/cni-1");

  /** The default GID and one address of the host. */
  static final GidEntry DEFAULT = entry(0, "fe80::1", RAIL, "rail0");

  static final GidEntry HOST = entry(1, "::ffff:10.10.0.1", RAIL, "rail0");

  final Map<String, Map<String, String>> folders = new TreeMap<>();
  final Map<AllocationId, AllocationRecord> disk = new HashMap<>();
  final List<Assignment> reported = new ArrayList<>();
  final Map<Optional<Path>, NamespaceLook> namespaces = new HashMap<>();
  final List<String> steps = new ArrayList<>();

  /** Slots that have another entry by now. */
  final Set<Integer> moved = ConcurrentHashMap.newKeySet();

  /** Who listens to which namespace. */
  final Map<Runnable, Optional<Path>> listeners = new ConcurrentHashMap<>();

  /** What containers were refused for. */
  final List<Obstacle> refused = new CopyOnWriteArrayList<>();

  /** Folders on a disk that is full. */
  final Set<String> full = new HashSet<>();

  /** Allocations whose records a disk that is full does not take. */
  final Set<AllocationId> fullRecords = ConcurrentHashMap.newKeySet();

  /** Folders whose files a disk does not let go. */
  final Set<String> kept = new HashSet<>();

  /** The folder of records gives an error. */
  boolean unreadable;

  World() {
    see(Optional.empty(), true, Map.of(RAIL, link(RAIL, "rail0", 0, "10.10.0.1")));
  }

  WorkloadEdges edges() {
    return edges(store());
  }

  WorkloadEdges edges(AllocationStore store) {
    return new WorkloadEdges(
        store,
        foldersEdge(),
        () -> this::look,
        this::listen,
        this::has,
        reported::add,
        refused::add);
  }

  AllocationBook book(String bootId) {
    AllocationBook book = new AllocationBook("node-a", bootId, edges(), this::look);
    book.load();
    return book;
  }

  NamespaceLook look(Optional<Path> namespace) {
    return namespaces.getOrDefault(
        namespace, new NamespaceLook.Unseen(NamespaceLook.Why.GONE, "no such namespace"));
  }

  boolean has(HeldPort port, GidChoice choice) {
    return !moved.contains(choice.index());
  }

  Runnable listen(Optional<Path> namespace, Runnable changed) {
    listeners.put(changed, namespace);
    return () -> listeners.remove(changed);
  }

  /** Tells those who listen to the pod's namespace that it changed. */
  void podChanged() {
    listeners.forEach((changed, namespace) -> {
      if (namespace.equals(Optional.of(POD_NAMESPACE))) {
        changed.run();
      }
    });
  }

  void see(Optional<Path> namespace, boolean isHost, Map<Integer, NamespaceLink> links) {
    Map<Integer, NamespaceLink> host = Map.of(RAIL, link(RAIL, "rail0", 0, "10.10.0.1"));
    namespaces.put(
        namespace, new NamespaceLook.Seen(new NamespaceView(isHost, links, isHost ? links : host)));
  }

  /** A pod with a macvlan of the rail, ifindex 2, and this address. */
  void seePod(String address) {
    see(Optional.of(POD_NAMESPACE), false, Map.of(2, link(2, "net1", RAIL, address)));
  }

  /** The rail's netdev has been moved into the pod, where it has number 2 and this address. */
  void moveRailIntoPod(String address) {
    namespaces.put(
        Optional.of(POD_NAMESPACE),
        new NamespaceLook.Seen(
            new NamespaceView(false, Map.of(2, link(2, "net1", 0, address)), Map.of())));
  }

  /** The same, but the kernel still looks for a duplicate of the address. */
  void seePodWithTentative(String address) {
    NamespaceLink link = link(2, "net1", RAIL, address);
    see(
        Optional.of(POD_NAMESPACE),
        false,
        Map.of(
            2,
            new NamespaceLink(
                2,
                link.name(),
                link.hardwareAddress(),
                link.lower(),
                link.lowerPlace(),
                link.master(),
                Set.of(),
                link.addresses())));
  }

  static NamespaceLink link(int ifindex, String name, int lower, String... addresses) {
    Set<Gid> gids = new HashSet<>();
    for (String address : addresses) {
      gids.add(Gid.of(InetAddress.ofLiteral(address)));
    }
    return new NamespaceLink(ifindex, name, 0, lower, NamespaceLink.Place.HOST, 0, gids, Set.of());
  }

  static GidEntry entry(int index, String gid, int ifindex, String netdev) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, ifindex, netdev);
  }

  static Inventory inventory(List<GidEntry> host, List<GidEntry> pods) {
    PortAttributes attributes =
        new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 1024, 100, 1024, "");
    return new Inventory(
        List.of(
            new Device(
                "rxe0",
                "uverbs0",
                new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                List.of(new Port(1, attributes, "rail0", host, pods)))));
  }

  static EffectiveRule rule(GidScope scope) {
    return rule(scope, true);
  }

  private static EffectiveRule rule(GidScope scope, boolean required) {
    return new EffectiveRule(
        new GidRule(GidType.ROCE_V2, IpFamily.IPV4, List.of(), false), scope, required, 1, 1);
  }

  static PoolTerms terms(GidScope scope) {
    return new PoolTerms(rule(scope), LibrarySetup.ALL);
  }

  static PoolState pool(String name, GidScope scope) {
    Pool pool =
        new Pool(
            name,
            "rdmagid.io/" + name,
            Instant.EPOCH,
            1,
            new NodeSelector(Map.of()),
            List.of(PortSelector.ANY),
            new GidWish(Optional.empty(), Optional.empty(), List.of(), false, scope, true),
            4,
            Set.of(),
            OptionalInt.empty(),
            false,
            false);
    return new PoolState(pool, Optional.of(rule(scope)));
  }

  /** A pool whose containers are made even where there is no entry for them. */
  static PoolState optional(String name, GidScope scope) {
    return new PoolState(pool(name, scope).pool(), Optional.of(rule(scope, false)));
  }

  /** The same pool with another spec: it wants the devices of this name. */
  static Pool wanting(Pool pool, String devices) {
    return wanting(pool, devices, List.of());
  }

  static Pool wanting(Pool pool, String devices, List<VirtualFunctions> pfNames) {
    PortSelector any = PortSelector.ANY;
    return with(
        pool,
        List.of(
            new PortSelector(
                List.of(new Glob(devices)),
                any.netdevs(),
                any.drivers(),
                any.vendors(),
                any.deviceIds(),
                any.pciAddresses(),
                pfNames,
                any.linkLayers(),
                any.numaNodes(),
                any.minRateGbps(),
                any.subnets())),
        pool.memlock());
  }

  /** The same pool, which lifts the limit of locked memory. */
  static Pool withMemlock(Pool pool) {
    return with(pool, pool.ports(), true);
  }

  private static Pool with(Pool pool, List<PortSelector> ports, boolean memlock) {
    return new Pool(
        pool.name(),
        pool.resourceName(),
        pool.createdAt(),
        pool.generation(),
        pool.nodeSelector(),
        ports,
        pool.gid(),
        pool.podsPerPort(),
        pool.libraries(),
        pool.trafficClass(),
        memlock,
        pool.leaving());
  }

  static Sandbox sandbox(String id) {
    return new Sandbox(id, "uid-" + id, "default", "pod-" + id, Optional.of(POD_NAMESPACE), "");
  }

  /** A container that mounts the folders of these allocations. */
  static ContainerSpec container(String id, String sandbox, AllocationId... allocations) {
    List<Path> mounts = new ArrayList<>();
    for (AllocationId allocation : allocations) {
      mounts.add(Path.of("/folders", allocation.hash()));
    }
    return new ContainerSpec(id, sandbox, "main", mounts, List.of("HOME=/root"));
  }

  /** What the folder of an allocation says of an index; empty where it names none. */
  Optional<String> index(AllocationId allocation) {
    return folders
        .get(allocation.hash())
        .get("env")
        .lines()
        .filter(line -> line.contains("_GID_INDEX=") && line.contains("RDMAGID_"))
        .map(line -> line.substring(line.indexOf('=') + 1))
        .findFirst();
  }

  AllocationFolders foldersEdge() {
    return new AllocationFolders() {
      @Override
      public Path folder(String hash) {
        return Path.of("/folders", hash);
      }

      @Override
      public boolean exists(String hash) {
        return folders.containsKey(hash);
      }

      @Override
      public Set<String> hashes() {
        return Set.copyOf(folders.keySet());
      }

      @Override
      public Optional<String> hashOf(Path folder) {
        return folder.startsWith("/folders")
            ? Optional.of(folder.getFileName().toString())
            : Optional.empty();
      }

      @Override
      public void swap(String hash, Map<String, String> files) {
        steps.add("swap");
        if (full.contains(hash)) {
          folders.put(hash, Map.of());
          throw new UncheckedIOException("not written", new IOException("no space left on device"));
        }
        folders.put(hash, files);
      }

      @Override
      public void withdraw(String hash) {
        if (kept.contains(hash)) {
          throw new UncheckedIOException("not taken away", new IOException("read-only"));
        }
        folders.put(hash, Map.of());
      }

      @Override
      public void remove(String hash) {
        folders.remove(hash);
      }
    };
  }

  AllocationStore store() {
    return new AllocationStore() {
      @Override
      public List<AllocationRecord> load() {
        if (unreadable) {
          throw new UncheckedIOException("not read", new IOException("input/output error"));
        }
        return List.copyOf(disk.values());
      }

      @Override
      public void write(AllocationRecord record) {
        steps.add("write");
        if (fullRecords.contains(record.id())) {
          throw new UncheckedIOException("not written", new IOException("no space left on device"));
        }
        disk.put(record.id(), record);
      }

      @Override
      public void remove(AllocationId id) {
        disk.remove(id);
      }
    };
  }
}
