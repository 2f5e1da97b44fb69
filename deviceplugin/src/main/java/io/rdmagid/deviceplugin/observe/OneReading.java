package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.netlink.NetlinkException;
import io.rdmagid.deviceplugin.netlink.RdmaSystem;
import io.rdmagid.deviceplugin.netlink.RouteSocket;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import io.rdmagid.deviceplugin.verbs.ForeignDevices;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All devices read once, with nobody waiting for changes. */
public final class OneReading {
  private OneReading() {}

  /** What became of a reading. */
  public sealed interface Result {
    /**
     * The devices that could be read.
     *
     * @param refusals what the system refused of the others, a sentence each
     * @param environment the variables that a recording says a program sees; empty for the kernel
     */
    record Read(Inventory inventory, List<String> refusals, Map<String, String> environment)
        implements Result {
      public Read {
        refusals = List.copyOf(refusals);
        environment = Map.copyOf(environment);
      }
    }

    /**
     * What was to be read is no such thing: a recording that is not sound, a file that is no
     * network namespace. All that is wrong with it.
     */
    record Invalid(List<String> problems) implements Result {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }

    /** Nothing at all can be read here. */
    record Refused(String reason) implements Result {}
  }

  /** Reads a recording. */
  public static Result recording(Path file) {
    return result(RecordingReader.read(file), List.of());
  }

  /**
   * What a recording holds.
   *
   * @param refusals what the system refused meanwhile, a sentence each
   */
  static Result result(RecordingResult recording, List<String> refusals) {
    return switch (recording) {
      case RecordingResult.Valid(Recording valid) ->
          new Result.Read(valid.inventory(), refusals, valid.environment());
      case RecordingResult.Invalid(List<String> problems) -> new Result.Invalid(problems);
    };
  }

  /**
   * Reads the kernel on the calling thread, a platform thread. A device of another network
   * namespace counts as one that is not read, and is no refusal.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public static Result kernel(Path sysfs) {
    Result result = ownDevices(sysfs);
    return result instanceof Result.Read(Inventory inventory, List<String> refusals, var _)
        ? new Result.Read(withForeign(inventory, sysfs), refusals, Map.of())
        : result;
  }

  /**
   * The same with the devices that belong to other network namespaces, as such that are not read.
   * Only in exclusive mode are there any.
   *
   * @param sysfs where that of the network namespace is mounted in which the inventory was read
   */
  public static Inventory withForeign(Inventory inventory, Path sysfs) {
    if (inventory.namespaceMode() != RdmaNamespaceMode.EXCLUSIVE) {
      return inventory;
    }
    Set<String> known = new HashSet<>(inventory.unread());
    inventory.devices().forEach(device -> known.add(device.name()));
    List<UnreadDevice> unread = new ArrayList<>(inventory.unreadDevices());
    ForeignDevices.names(sysfs).stream()
        .filter(name -> !known.contains(name))
        .map(UnreadDevice::foreign)
        .forEach(unread::add);
    return new Inventory(inventory.devices(), unread, inventory.namespaceMode());
  }

  /** What the kernel gives, without a word on devices of other network namespaces. */
  static Result ownDevices(Path sysfs) {
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = new NativeVerbs(descriptors, sysfs);
        HostLinks links = new HostLinks(new RouteSocket(descriptors))) {
      return switch (links.read()) {
        case HostLinks.Reading.Read read ->
            read(verbs, read, RdmaSystem.ask(descriptors, sysfs).mode());
        case HostLinks.Reading.Refused(String operation, int errno) ->
            new Result.Refused(operation + ": " + Errno.describe(errno));
      };
    } catch (IllegalStateException | NetlinkException e) {
      return new Result.Refused(String.valueOf(e.getMessage()));
    }
  }

  /** Reads all devices of {@code verbs}, and closes each again. */
  static Result read(Verbs verbs, HostLinks.Reading.Read links, RdmaNamespaceMode mode) {
    return switch (verbs.devices()) {
      case Reply.Ok<List<Verbs.DeviceNode>>(List<Verbs.DeviceNode> nodes) -> {
        List<Device> devices = new ArrayList<>();
        List<UnreadDevice> unread = new ArrayList<>();
        for (Verbs.DeviceNode node : nodes) {
          switch (read(verbs, node, links)) {
            case Reply.Ok<Device>(Device device) -> devices.add(device);
            case Reply.Refused<Device> refused -> unread.add(Unread.of(verbs, node, refused));
          }
        }
        Inventory inventory = new Inventory(devices, unread, mode);
        yield new Result.Read(inventory, inventory.refusals(), Map.of());
      }
      case Reply.Refused<List<Verbs.DeviceNode>> refused -> new Result.Refused(refused.describe());
    };
  }

  private static Reply<Device> read(
      Verbs verbs, Verbs.DeviceNode node, HostLinks.Reading.Read links) {
    return switch (HeldDevice.open(verbs, node, false)) {
      case Reply.Ok<HeldDevice>(HeldDevice device) -> {
        try (device) {
          yield device.read(links, System::nanoTime);
        }
      }
      case Reply.Refused<HeldDevice> refused -> refused.as();
    };
  }
}
