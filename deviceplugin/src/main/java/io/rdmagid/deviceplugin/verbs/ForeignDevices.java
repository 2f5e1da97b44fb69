package io.rdmagid.deviceplugin.verbs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The devices that belong to other network namespaces. In exclusive mode the kernel lists their
 * device nodes everywhere (/sys/class/infiniband_verbs), but shows the devices themselves
 * (/sys/class/infiniband) only where they belong, and refuses all others to open them (EPERM).
 */
public final class ForeignDevices {
  private ForeignDevices() {}

  /**
   * Their names, ascending; of no use in shared mode, where a name that is here only is that of a
   * device that just comes or goes.
   *
   * @param sysfs where that of the own network namespace is mounted, usually /sys
   */
  public static List<String> names(Path sysfs) {
    Path nodes = sysfs.resolve("class/infiniband_verbs");
    String[] uverbs = nodes.toFile().list();
    return uverbs == null
        ? List.of()
        : Stream.of(uverbs)
            .map(node -> SysfsDevices.text(nodes.resolve(node).resolve("ibdev")))
            .filter(name -> !name.isEmpty())
            .filter(name -> !Files.exists(sysfs.resolve("class/infiniband").resolve(name)))
            .sorted()
            .toList();
  }
}
