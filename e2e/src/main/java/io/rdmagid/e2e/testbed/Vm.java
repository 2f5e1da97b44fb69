package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The virtual machine of node 1 or 2: a qemu process with software emulation, since a machine's
 * /dev/kvm may exist and still hang a guest. It lives over reboots of the guest; {@link Testbed}
 * ends it.
 */
final class Vm {
  /**
   * What a newer one has, five-level paging, SMAP and AVX among it, costs the emulation half of its
   * speed: with "max" a container starts in twice the time.
   */
  private static final String CPU = "Nehalem";

  /**
   * The kernel measures its clock, the TSC, against another, the HPET. Where the machine's own
   * processors are busy it gives up the TSC after some minutes, and then each question for the time
   * is a system call and an access to an emulated device. {@code tsc=reliable} keeps it.
   */
  private static final String KERNEL = "console=ttyS0 quiet mitigations=off panic=5 tsc=reliable";

  private final String name;
  private final int number;
  private final Path directory;
  private final Daemon qemu;

  Vm(String name, int number, Path directory) {
    this.name = name;
    this.number = number;
    this.directory = directory;
    qemu = new Daemon(directory, name);
  }

  /** Starts the guest on a new disk over this one. */
  void start(Artefacts artefacts, Path base) {
    Network.plugIn(number);
    Path disk = directory.resolve(name + ".qcow2");
    try {
      Files.deleteIfExists(disk);
      if (Files.exists(console())) {
        // A kernel that died says here why, and it may be a test that has it started again.
        Files.move(
            console(),
            directory.resolve(name + ".console.before"),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String _ =
        Command.of(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-F",
                "raw",
                "-b",
                base.toString(),
                disk.toString())
            .sh();
    // One processor: with two, the emulation pays for atomic instructions and barriers, and guests
    // spin for each other.
    List<String> words =
        new ArrayList<>(
            List.of(
                "qemu-system-x86_64",
                "-name",
                name,
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                CPU,
                "-m",
                "3G",
                "-smp",
                "1",
                "-kernel",
                artefacts.nodeKernel().toString(),
                "-initrd",
                artefacts.nodeInitramfs().toString(),
                "-append",
                (KERNEL + " node=%s ip=10.77.0.1%d/24 k=%d").formatted(name, number, number),
                "-drive",
                "file=" + disk + ",format=qcow2,if=virtio,cache=unsafe",
                "-virtfs",
                "local,path=" + directory.resolve("share") + ",mount_tag=share,security_model=none",
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "file:" + console()));
    words.addAll(card("br0", 1));
    words.addAll(card("rail0", 2));
    words.addAll(card("rail1", 3));
    qemu.start(words);
  }

  /** A card whose MAC ends in what it is for; the guest names it by that. */
  private List<String> card(String bridge, int purpose) {
    return List.of(
        "-netdev",
        "tap,id=n%d,ifname=%s,script=no,downscript=no"
            .formatted(purpose, Network.tap(bridge, number)),
        "-device",
        "virtio-net-pci,netdev=n%d,mac=52:54:00:00:00:%d%d,romfile="
            .formatted(purpose, number, purpose));
  }

  Path console() {
    return directory.resolve(name + ".console");
  }

  Path log() {
    return qemu.log();
  }

  boolean isUp() {
    return qemu.isHere();
  }

  /** Pulls its plug. */
  void stop() {
    qemu.kill();
  }
}
