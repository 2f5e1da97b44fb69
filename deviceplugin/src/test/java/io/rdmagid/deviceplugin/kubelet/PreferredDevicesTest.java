package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PreferredDevicesTest {
  /** Ports a, b, c of a device each, with as many shares; the ids are a0, a1 and so on. */
  private static List<OfferedDevice> ports(int shares, Map<String, Integer> nodes) {
    List<OfferedDevice> devices = new ArrayList<>();
    nodes.keySet().stream()
        .sorted()
        .forEach(name -> {
          for (int share = 0; share < shares; share++) {
            devices.add(new OfferedDevice(name + share, name, 1, true, nodes.get(name)));
          }
        });
    return devices;
  }

  @Test
  void eachIdIsOfAnotherPort() {
    assertThat(
            PreferredDevices.choose(
                ports(2, Map.of("a", 0, "b", 0, "c", 0)),
                List.of("a1", "a0", "b0", "b1", "c0", "c1"),
                List.of(),
                3))
        .containsExactlyInAnyOrder("a0", "b0", "c0");
  }

  @Test
  void twoPortsOfADeviceAreTwo() {
    List<OfferedDevice> offer =
        List.of(
            new OfferedDevice("a0", "mlx5_0", 1, true, 0),
            new OfferedDevice("a1", "mlx5_0", 1, true, 0),
            new OfferedDevice("b0", "mlx5_0", 2, true, 0));

    assertThat(PreferredDevices.choose(offer, List.of("a0", "a1", "b0"), List.of(), 2))
        .containsExactlyInAnyOrder("a0", "b0");
  }

  /** Two HCAs of two ports each. */
  private static List<OfferedDevice> dual(int nodeOfA, int nodeOfB) {
    return List.of(
        new OfferedDevice("a1", "mlx5_0", 1, true, nodeOfA),
        new OfferedDevice("a2", "mlx5_0", 2, true, nodeOfA),
        new OfferedDevice("b1", "mlx5_1", 1, true, nodeOfB),
        new OfferedDevice("b2", "mlx5_1", 2, true, nodeOfB));
  }

  @Test
  void devicesAreDistinctBeforeTheirPortsAre() {
    List<String> all = List.of("a1", "a2", "b1", "b2");

    assertThat(PreferredDevices.choose(dual(0, 0), all, List.of(), 2)).containsExactly("a1", "b1");
    assertThat(PreferredDevices.choose(dual(0, 1), all, List.of(), 2))
        .as("devices come before nodes")
        .containsExactly("a1", "b1");
    assertThat(PreferredDevices.choose(dual(0, 0), all, List.of("b2"), 2))
        .containsExactly("b2", "a1");
    assertThat(PreferredDevices.choose(dual(0, 0), all, List.of(), 3))
        .containsExactly("a1", "b1", "a2");
  }

  /** Another port counts for more than another share of a device that has fewer. */
  @Test
  void portsAreDistinctWhereDevicesCannotBe() {
    List<OfferedDevice> offer = new ArrayList<>(dual(0, 0).subList(0, 2));
    offer.add(new OfferedDevice("a3", "mlx5_0", 3, true, 0));
    offer.add(new OfferedDevice("b10", "mlx5_1", 1, true, 0));
    offer.add(new OfferedDevice("b11", "mlx5_1", 1, true, 0));

    assertThat(
            PreferredDevices.choose(offer, List.of("a1", "a2", "a3", "b10", "b11"), List.of(), 4))
        .containsExactlyInAnyOrder("a1", "a2", "a3", "b10");
  }

  @Test
  void theLeastUsedPortIsFirst() {
    assertThat(
            PreferredDevices.choose(
                ports(3, Map.of("a", 0, "b", 0)), List.of("a2", "b1", "b2"), List.of(), 1))
        .containsExactly("b1");
  }

  @Test
  void theNodeComesBeforeUse() {
    assertThat(
            PreferredDevices.choose(
                ports(3, Map.of("a", 0, "b", 0, "c", 1)),
                List.of("a0", "a1", "a2", "b0", "b1", "c0", "c1", "c2"),
                List.of(),
                2))
        .containsExactlyInAnyOrder("a0", "b0");
  }

  @Test
  void ofNodesThatAreEnoughTheLessUsedIsTaken() {
    assertThat(
            PreferredDevices.choose(
                ports(3, Map.of("a", 0, "b", 1)), List.of("a0", "b0", "b1"), List.of(), 1))
        .containsExactly("b0");
  }

  @Test
  void oneNodeIsPreferredEvenIfItIsNotTheFirst() {
    assertThat(
            PreferredDevices.choose(
                ports(1, Map.of("a", 0, "b", 1, "c", 1)), List.of("a0", "b0", "c0"), List.of(), 2))
        .containsExactlyInAnyOrder("b0", "c0");
  }

  @Test
  void theNodeOfWhatIsChosenAlreadyIsPreferred() {
    assertThat(
            PreferredDevices.choose(
                ports(1, Map.of("a", 0, "b", 0, "c", 1, "d", 1)),
                List.of("a0", "b0", "c0", "d0"),
                List.of("c0"),
                2))
        .containsExactly("c0", "d0");
  }

  @Test
  void thePortOfWhatIsChosenAlreadyIsLast() {
    assertThat(
            PreferredDevices.choose(
                ports(3, Map.of("a", 0, "b", 1)),
                List.of("a0", "a1", "a2", "b0"),
                List.of("a1"),
                2))
        .containsExactly("a1", "b0");
  }

  @Test
  void idsThatThePoolListsNoMoreAreLast() {
    List<OfferedDevice> offer = ports(1, Map.of("b", 0));

    assertThat(PreferredDevices.choose(offer, List.of("a0", "b0"), List.of(), 1))
        .containsExactly("b0");
    assertThat(PreferredDevices.choose(offer, List.of("a0", "b0"), List.of(), 2))
        .containsExactly("b0", "a0");
    assertThat(PreferredDevices.choose(List.of(), List.of("a0", "b0"), List.of("b0"), 2))
        .containsExactly("b0", "a0");
  }

  /** A pool in some state: which ids are free, and which of them are chosen already. */
  private record Case(
      List<OfferedDevice> offer, List<String> available, List<String> must, int size) {
    static Case of(List<Integer> nodes, int shares, long seed) {
      Random random = new Random(seed);
      Map<String, Integer> byName = new HashMap<>();
      for (int i = 0; i < nodes.size(); i++) {
        byName.put("p" + i + "-", nodes.get(i));
      }
      List<OfferedDevice> offer = ports(shares, byName);
      List<String> ids = new ArrayList<>(offer.stream().map(OfferedDevice::id).toList());
      Collections.shuffle(ids, random);
      List<String> available = ids.subList(0, 1 + random.nextInt(ids.size()));
      List<String> must = available.subList(0, random.nextInt(available.size()));
      int size = Math.max(1, must.size() + random.nextInt(available.size() - must.size() + 1));
      return new Case(offer, available, must, size);
    }

    List<String> choose() {
      return PreferredDevices.choose(offer, available, must, size);
    }

    Set<String> portsOf(List<String> ids) {
      return ids.stream()
          .map(id -> id.substring(0, id.indexOf('-')))
          .collect(Collectors.toCollection(HashSet::new));
    }

    long freeOn(String port) {
      return available.stream()
          .filter(id -> id.startsWith(port + "-") && !must.contains(id))
          .count();
    }
  }

  @Property
  void theAnswerIsWhatWasAskedFor(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = -1, max = 3) Integer> nodes,
      @ForAll @IntRange(min = 1, max = 5) int shares,
      @ForAll long seed) {
    Case asked = Case.of(nodes, shares, seed);

    List<String> chosen = asked.choose();

    assertThat(chosen)
        .hasSize(asked.size())
        .doesNotHaveDuplicates()
        .satisfies(ids -> assertThat(ids.subList(0, asked.must().size())).isEqualTo(asked.must()));
    assertThat(asked.available()).containsAll(chosen);
  }

  @Property
  void noChoiceHasMorePorts(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = -1, max = 3) Integer> nodes,
      @ForAll @IntRange(min = 1, max = 5) int shares,
      @ForAll long seed) {
    Case asked = Case.of(nodes, shares, seed);
    Set<String> others = asked.portsOf(asked.available());
    Set<String> given = asked.portsOf(asked.must());
    others.removeAll(given);

    int most = given.size() + Math.min(others.size(), asked.size() - asked.must().size());

    assertThat(asked.portsOf(asked.choose())).hasSize(most);
  }

  /** Of ports on one node, as nodes come before use. */
  @Property
  void noPortThatIsLeftOutIsLessUsed(
      @ForAll @IntRange(min = 1, max = 8) int ports,
      @ForAll @IntRange(min = 1, max = 5) int shares,
      @ForAll long seed) {
    Case asked = Case.of(Collections.nCopies(ports, 0), shares, seed);
    Set<String> given = asked.portsOf(asked.must());
    Set<String> taken = asked.portsOf(asked.choose());
    taken.removeAll(given);
    Set<String> left = asked.portsOf(asked.available());
    left.removeAll(given);
    left.removeAll(taken);

    for (String out : left) {
      assertThat(taken)
          .allSatisfy(in -> assertThat(asked.freeOn(in)).isGreaterThanOrEqualTo(asked.freeOn(out)));
    }
  }

  @Property
  void theOrderInWhichTheKubeletNamesThemDoesNotMatter(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = -1, max = 3) Integer> nodes,
      @ForAll @IntRange(min = 1, max = 5) int shares,
      @ForAll long seed) {
    Case asked = Case.of(nodes, shares, seed);
    List<String> shuffled = new ArrayList<>(asked.available());
    Collections.shuffle(shuffled, new Random(seed + 1));

    assertThat(PreferredDevices.choose(asked.offer(), shuffled, asked.must(), asked.size()))
        .isEqualTo(asked.choose());
  }

  /** With ports of equal use, and none chosen already, one node is enough whenever one could be. */
  @Property
  void oneNodeIsEnoughWhereItCanBe(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 2) Integer> nodes,
      @ForAll @IntRange(min = 1, max = 8) int size) {
    Map<String, Integer> byName = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      byName.put("p" + i + "-", nodes.get(i));
      counts.merge(nodes.get(i), 1, Integer::sum);
    }
    List<OfferedDevice> offer = ports(1, byName);
    int wanted = Math.min(size, nodes.size());

    List<String> chosen =
        PreferredDevices.choose(
            offer, offer.stream().map(OfferedDevice::id).toList(), List.of(), wanted);

    long used =
        offer.stream()
            .filter(device -> chosen.contains(device.id()))
            .map(OfferedDevice::numaNode)
            .distinct()
            .count();
    if (Collections.max(counts.values()) >= wanted) {
      assertThat(used).isOne();
    } else {
      assertThat(used).isGreaterThan(1);
    }
  }
}
