package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeparateKernelsTest {
  @ParameterizedTest
  @ValueSource(strings = {"kata", "kata-qemu", "kata-clh", "runsc", "gvisor", "runsc.v1"})
  void aRuntimeWithAKernelOfItsOwnIsNamed(String handler) {
    assertThat(SeparateKernels.objection(handler).orElseThrow())
        .startsWith("runtime handler " + handler + " runs pods on a kernel of their own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "runc", "crun", "nvidia", "macvlan", "katana", "runsched"})
  void othersRunOnTheNodes(String handler) {
    assertThat(SeparateKernels.objection(handler)).isEmpty();
  }
}
