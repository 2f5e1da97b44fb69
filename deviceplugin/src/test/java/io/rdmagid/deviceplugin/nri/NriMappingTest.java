package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.LinuxContainer;
import io.rdmagid.proto.nri.LinuxDevice;
import io.rdmagid.proto.nri.LinuxDeviceCgroup;
import io.rdmagid.proto.nri.LinuxResources;
import io.rdmagid.proto.nri.OptionalInt64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NriMappingTest {
  /** What runtimes begin with, before they allow devices one by one. */
  private static final LinuxDeviceCgroup NOTHING =
      LinuxDeviceCgroup.newBuilder().setAccess("rwm").build();

  private static LinuxContainer.Builder withNodes(String... paths) {
    LinuxContainer.Builder container = LinuxContainer.newBuilder();
    for (String path : paths) {
      container.addDevices(LinuxDevice.newBuilder().setPath(path).setType("c").setMajor(231));
    }
    return container;
  }

  private static LinuxDeviceCgroup allowed(String type, String access) {
    return LinuxDeviceCgroup.newBuilder().setAllow(true).setType(type).setAccess(access).build();
  }

  private static Set<String> nodes(LinuxContainer.Builder linux, LinuxDeviceCgroup... rules) {
    LinuxResources.Builder resources = LinuxResources.newBuilder();
    for (LinuxDeviceCgroup rule : rules) {
      resources.addDevices(rule);
    }
    return NriMapping.container(
            Container.newBuilder().setLinux(linux.setResources(resources)).build())
        .verbsNodes();
  }

  @Test
  void theNodesOfAContainerAreNamed() {
    LinuxDeviceCgroup one =
        allowed("c", "rwm").toBuilder().setMajor(OptionalInt64.newBuilder().setValue(231)).build();
    assertThat(
            nodes(
                withNodes(
                    "/dev/infiniband/rdma_cm",
                    "/dev/infiniband/uverbs0",
                    "/dev/infiniband/uverbs3",
                    "/dev/null"),
                NOTHING,
                one))
        .containsExactlyInAnyOrder("uverbs0", "uverbs3");
  }

  /** By type and access; the last two are of a rule for making nodes and of one for disks. */
  @ParameterizedTest
  @CsvSource({"'', rwm, true", "a, rwm, true", "c, rw, true", "c, m, false", "b, rwm, false"})
  void aContainerThatMayUseEveryDeviceWasGivenNone(String type, String access, boolean every) {
    assertThat(nodes(withNodes("/dev/infiniband/uverbs0"), NOTHING, allowed(type, access)))
        .isEqualTo(every ? Set.of() : Set.of("uverbs0"));
  }

  @Test
  void aRuntimeThatShowsNoRulesTellsNothing() {
    assertThat(nodes(withNodes("/dev/infiniband/uverbs0"))).isEmpty();
    assertThat(NriMapping.container(Container.getDefaultInstance()).verbsNodes()).isEmpty();
  }
}
