package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.proto.cri.LinuxPodSandboxStatus;
import io.rdmagid.proto.cri.Namespace;
import io.rdmagid.proto.cri.NamespaceMode;
import io.rdmagid.proto.cri.NamespaceOption;
import io.rdmagid.proto.cri.PodSandboxState;
import io.rdmagid.proto.cri.PodSandboxStatus;
import io.rdmagid.proto.cri.PodSandboxStatusResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxNetworkTest {
  /** Of containerd 2.2.9, shortened. */
  private static final String CONTAINERD =
      """
      {"pid":2211,"processStatus":"running","netNamespaceClosed":false,"image":"pause:3.10",
       "config":{"metadata":{"name":"a"}},"runtimeSpec":{"ociVersion":"1.2.1","linux":{"namespaces":[
       {"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},
       {"type":"network","path":"/var/run/netns/cni-1d2c"}]}},"cniResult":{"Interfaces":{}}}
      """;

  /** Of CRI-O without a container of the sandbox's own, as its source makes it. */
  private static final String CRIO =
      """
      {"runtimeSpec":{"ociVersion":"1.0.0","linux":{"namespaces":[
       {"type":"network","path":"/var/run/netns/5f7a"},{"type":"ipc","path":"/var/run/ipcns/5f7a"}]}}}
      """;

  private static PodSandboxStatusResponse answer(NamespaceMode mode, String info) {
    return PodSandboxStatusResponse.newBuilder()
        .setStatus(
            PodSandboxStatus.newBuilder()
                .setLinux(
                    LinuxPodSandboxStatus.newBuilder()
                        .setNamespaces(
                            Namespace.newBuilder()
                                .setOptions(NamespaceOption.newBuilder().setNetwork(mode)))))
        .putInfo("info", info)
        .build();
  }

  @Test
  void theNamespaceIsThatOfTheSandboxsOwnContainer() {
    assertThat(SandboxNetwork.of(answer(NamespaceMode.POD, CONTAINERD)))
        .isEqualTo(new SandboxNetwork.Own(Path.of("/var/run/netns/cni-1d2c")));
    assertThat(SandboxNetwork.of(answer(NamespaceMode.POD, CRIO)))
        .isEqualTo(new SandboxNetwork.Own(Path.of("/var/run/netns/5f7a")));
  }

  @Test
  void theHostsIsThatOfTheNode() {
    assertThat(SandboxNetwork.of(answer(NamespaceMode.NODE, "")))
        .isEqualTo(new SandboxNetwork.Host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "7",
        "{\"runtimeSpec\":null}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":7}}}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[]}}}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[null,{\"type\":\"network\"}]}}}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"\"}]}}}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[{\"type\":\"ipc\",\"path\":\"/a\"}]}}}",
        "{\"runtimeSpec\":{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"\\u0000\"}]}}}"
      })
  void whatCannotBeReadIsNotTheHosts(String info) {
    assertThat(SandboxNetwork.of(answer(NamespaceMode.POD, info)))
        .isInstanceOf(SandboxNetwork.Unknown.class);
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertThat(SandboxNetwork.of(answer(NamespaceMode.POD, "[".repeat(100_000))))
        .isInstanceOf(SandboxNetwork.Unknown.class);
  }

  @Test
  void otherKindsAndOtherStatesAreUnknown() {
    assertThat(SandboxNetwork.of(answer(NamespaceMode.TARGET, CRIO)))
        .isInstanceOf(SandboxNetwork.Unknown.class);
    PodSandboxStatusResponse.Builder ended = answer(NamespaceMode.POD, CRIO).toBuilder();
    ended.getStatusBuilder().setState(PodSandboxState.SANDBOX_NOTREADY);
    assertThat(SandboxNetwork.of(ended.build())).isInstanceOf(SandboxNetwork.Unknown.class);
  }
}
