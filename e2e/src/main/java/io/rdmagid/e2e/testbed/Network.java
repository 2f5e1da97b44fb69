package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The nodes' network cards on the bridges of the namespace that {@code bin/in-namespace} makes. */
final class Network {
  private static final List<String> BRIDGES = List.of("br0", "rail0", "rail1");

  private Network() {}

  /** Stops a JVM that was started outside of the namespace, with a hint. */
  static void requireNamespace() {
    try {
      Object here = Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino");
      Path named = Path.of("/run/netns/rdmagid");
      if (Files.exists(named) && here.equals(Files.getAttribute(named, "unix:ino"))) {
        return;
      }
    } catch (IOException e) {
      throw new TestbedException("looking for the network namespace: " + e.getMessage(), e);
    }
    throw new TestbedException(
        "not in the testbed's network namespace: start this by e2e/bin/in-namespace");
  }

  /** The card's device on a bridge, one of br0, rail0, rail1. */
  static String tap(String bridge, int node) {
    return bridge + "-" + node;
  }

  static void plugIn(int node) {
    for (String bridge : BRIDGES) {
      String tap = tap(bridge, node);
      // One that an earlier run left, if there is.
      Output _ = Command.of("ip", "link", "del", tap).run();
      ip("tuntap", "add", tap, "mode", "tap");
      ip("link", "set", tap, "master", bridge, "up");
    }
    // To the node's pods, for webhooks and for whoever looks at a pod's port.
    ip(
        "route",
        "replace",
        "10.24%d.0.0/24".formatted(node),
        "via",
        "10.77.0.1" + node,
        "dev",
        "br0");
  }

  private static void ip(String... arguments) {
    List<String> words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(arguments));
    String _ = Command.of(words).sh();
  }
}
