package io.rdmagid.deviceplugin.npwg;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.Later;
import io.rdmagid.deviceplugin.pace.Retries;
import io.rdmagid.deviceplugin.workload.OfferListener;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one file for each device id that is the PCI address of a whole function: those that Multus
 * attaches networks to. What is offered no more loses its file. The files stay when the agent ends,
 * since pods of a kubelet whose agent restarts need them; /var/run does not outlive a boot.
 *
 * <p>Format and place are those of version 1.1.0 of the <a
 * href="https://github.com/k8snetworkplumbingwg/device-info-spec/blob/main/SPEC.md">specification</a>,
 * section 4.1. For the thread on which what is tried again is done, but for {@link #objection}.
 */
public final class DeviceInfoFiles implements OfferListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceInfoFiles.class);

  private static final String VERSION = "1.1.0";

  /** All resource names begin with this, so no other plugin's file has it. */
  private static final String PREFIX = "rdmagid.io-";

  private static final String SUFFIX = "-device.json";

  /** Neither Multus nor a listing takes it for one of the files. */
  private static final String TEMPORARY = ".rdmagid.tmp";

  private static final Pattern PCI_ADDRESS =
      Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Path pciDevices;
  private final Retries retries;
  private @Nullable List<PoolOffer> newest;
  private volatile @Nullable Exception refusal;

  /**
   * Writes nothing yet.
   *
   * @param folder usually /var/run/k8s.cni.cncf.io/devinfo/dp; made if it is not there
   * @param pciDevices usually /sys/bus/pci/devices
   * @param later does again what was refused, on the thread that offers
   */
  public DeviceInfoFiles(Path folder, Path pciDevices, Later later) {
    this.folder = folder;
    this.pciDevices = pciDevices;
    this.retries = new Retries(Doubling.OF_FILES, later, this::look);
  }

  /** A folder that refuses is logged, and tried again after pauses that double. */
  @Override
  public void offered(List<PoolOffer> offers) {
    newest = List.copyOf(offers);
    look();
  }

  /** Makes the files as they should be, where somebody took them away or changed them. */
  public void look() {
    List<PoolOffer> offers = newest;
    if (offers == null) {
      return;
    }
    try {
      bring(files(offers));
      refusal = null;
      retries.done();
    } catch (IOException | DirectoryIteratorException e) {
      refusal = e;
      retries.refused();
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("device information not written");
    }
  }

  /** Why the files are not as the last look wanted them, if so. Any thread. */
  public Optional<String> objection() {
    return Optional.ofNullable(refusal)
        .map(reason -> "device information for Multus cannot be written: " + reason);
  }

  private Map<String, String> files(List<PoolOffer> offers) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (PoolOffer offer : offers) {
      for (OfferedDevice device : offer.devices()) {
        if (PCI_ADDRESS.matcher(device.id()).matches()) {
          String name = offer.resourceName().replace('/', '-') + "-" + device.id() + SUFFIX;
          files.put(name, text(device));
        }
      }
    }
    return files;
  }

  private String text(OfferedDevice device) throws IOException {
    ObjectNode info = JSON.createObjectNode().put("type", "pci").put("version", VERSION);
    ObjectNode pci =
        info.putObject("pci").put("pci-address", device.id()).put("rdma-device", device.device());
    physicalFunction(device.id()).ifPresent(address -> pci.put("pf-pci-address", address));
    return info.toPrettyString() + "\n";
  }

  /** Of a virtual function; the link is in the kernel's Documentation/ABI/testing/sysfs-bus-pci. */
  private Optional<String> physicalFunction(String address) throws IOException {
    try {
      return Optional.of(
          Files.readSymbolicLink(pciDevices.resolve(address).resolve("physfn"))
              .getFileName()
              .toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void bring(Map<String, String> files) throws IOException {
    if (!files.isEmpty()) {
      Files.createDirectories(folder);
    } else if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> there = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path file : there) {
        if (!files.containsKey(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
        Path temporary = folder.resolve(TEMPORARY);
        Files.writeString(temporary, file.getValue());
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
