package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.cri.HookWish;
import io.rdmagid.deviceplugin.kubelet.KubeletRegistration;
import io.rdmagid.deviceplugin.observe.DeviceAccess;
import io.rdmagid.management.ProcessOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
  private static final Map<String, String> NODE = Map.of("NODE_NAME", "node-a");

  @TempDir Path folder;

  private static AgentConfig valid(Map<String, String> environment, String... arguments) {
    AgentConfig.Result result = AgentConfig.parse(List.of(arguments), environment);
    assertThat(result).isInstanceOf(AgentConfig.Result.Valid.class);
    return ((AgentConfig.Result.Valid) result).config();
  }

  private static List<String> problems(Map<String, String> environment, String... arguments) {
    AgentConfig.Result result = AgentConfig.parse(List.of(arguments), environment);
    assertThat(result).isInstanceOf(AgentConfig.Result.Invalid.class);
    return ((AgentConfig.Result.Invalid) result).problems();
  }

  @Test
  void defaults() {
    assertThat(valid(NODE))
        .isEqualTo(
            new AgentConfig(
                "node-a",
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9847),
                Optional.empty(),
                Duration.ofMinutes(10),
                DeviceAccess.HELD,
                true,
                KubeletRegistration.DEVICE_PLUGINS,
                HookWish.AUTO,
                Optional.empty(),
                Optional.of(Path.of("/run/rdmagid-agent/query.sock")),
                ProcessOptions.LogLevel.INFO));
  }

  @Test
  void everyOptionCounts() throws IOException {
    Path recording = Files.writeString(folder.resolve("r.json"), "{}");

    assertThat(
            valid(
                NODE,
                "--node-name=node-b",
                "--management-address=[::1]:0",
                "--recording=" + recording,
                "--resync=90s",
                "--hold-devices=false",
                "--read-by=libibverbs",
                "--allocate=true",
                "--kubelet-registration=plugin-watcher",
                "--container-hook=pre-start",
                "--cri-socket=/run/k3s/containerd/containerd.sock",
                "--query-socket=/tmp/query.sock",
                "--log-level=trace"))
        .isEqualTo(
            new AgentConfig(
                "node-b",
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 0),
                Optional.of(recording),
                Duration.ofSeconds(90),
                DeviceAccess.OPENED,
                true,
                KubeletRegistration.PLUGIN_WATCHER,
                HookWish.PRE_START,
                Optional.of(Path.of("/run/k3s/containerd/containerd.sock")),
                Optional.of(Path.of("/tmp/query.sock")),
                ProcessOptions.LogLevel.TRACE));
  }

  @Test
  void allProblemsAtOnce() {
    assertThat(
            problems(
                Map.of(),
                "--node-name=Not_A_Node",
                "--management-address=here",
                "--recording=" + folder.resolve("absent"),
                "--resync=1d",
                "--hold-devices=no",
                "--read-by=verbs",
                "--allocate=yes",
                "--kubelet-registration=PLUGIN_WATCHER",
                "--container-hook=none",
                "--cri-socket=there",
                "--query-socket=here",
                "--log-level=loud",
                "--no-such-option",
                "stray"))
        .hasSize(14)
        .anySatisfy(problem -> assertThat(problem).startsWith("--node-name 'Not_A_Node'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--management-address 'here'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--recording "))
        .anySatisfy(problem -> assertThat(problem).startsWith("--resync '1d'"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("--query-socket 'here' is no absolute"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--hold-devices 'no' is neither"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--allocate 'yes' is neither"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--read-by 'verbs' is no way"))
        .anySatisfy(problem ->
            assertThat(problem).startsWith("--kubelet-registration 'PLUGIN_WATCHER' is no way"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--container-hook 'none' is no way"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("--cri-socket 'there' is no absolute"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--log-level 'loud'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--no-such-option "))
        .anySatisfy(problem -> assertThat(problem).startsWith("stray "));
  }

  @Test
  void optionsWithoutTheirValuesHideNoProblem() {
    assertThat(
            problems(
                NODE,
                "--recording",
                "--resync",
                "--hold-devices",
                "--log-level",
                "loud",
                "--management-address=",
                "stray",
                "--help=perhaps",
                "--node-name"))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("--recording needs a value: "),
            problem -> assertThat(problem).startsWith("--resync needs a value: "),
            problem -> assertThat(problem).startsWith("--hold-devices needs a value: "),
            problem -> assertThat(problem).startsWith("--log-level 'loud' "),
            problem -> assertThat(problem).startsWith("--management-address needs a value: "),
            problem -> assertThat(problem).startsWith("stray "),
            problem -> assertThat(problem).contains("--help", "perhaps"),
            problem -> assertThat(problem).startsWith("--node-name needs a value: "));
  }

  @Test
  void aMisspeltOptionInPlaceOfAValueIsTold() {
    assertThat(problems(NODE, "--resync", "--log-levle=debug", "--node-name", "--no-such"))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("--resync '--log-levle=debug' is not "),
            problem -> assertThat(problem).startsWith("--node-name '--no-such' is no "));
  }

  @Test
  void valuesMayStandApart() {
    AgentConfig config = valid(NODE, "--resync", "90s", "--node-name", "node-b");

    assertThat(config.resync()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.nodeName()).isEqualTo("node-b");
  }

  @Test
  void aNodeNameIsNeeded() {
    assertThat(problems(Map.of()))
        .singleElement()
        .asString()
        .startsWith("--node-name is missing")
        .contains("NODE_NAME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"59s", "25h", "", "10", "-1m", "9999999s"})
  void resyncHasBounds(String resync) {
    assertThat(problems(NODE, "--resync=" + resync))
        .singleElement()
        .asString()
        .startsWith("--resync");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:65536", "127.0.0.1", ":", "[::1]", "::1:9847"})
  void addressesAreChecked(String address) {
    assertThat(problems(NODE, "--management-address=" + address))
        .singleElement()
        .asString()
        .startsWith("--management-address");
  }

  @Test
  void bySysfsDevicesAreOnlyShown() {
    AgentConfig config = valid(NODE, "--read-by=sysfs");

    assertThat(config.access()).isEqualTo(DeviceAccess.SYSFS);
    assertThat(config.allocate()).isFalse();
    assertThat(config.querySocket()).isPresent();
    assertThat(valid(NODE, "--read-by=sysfs", "--hold-devices=false", "--allocate=false"))
        .isEqualTo(config);
  }

  @Test
  void bySysfsDevicesAreNeitherHeldNorHandedOut() {
    assertThat(problems(NODE, "--read-by=sysfs", "--hold-devices=true", "--allocate=true"))
        .satisfiesExactlyInAnyOrder(
            problem ->
                assertThat(problem)
                    .startsWith("--hold-devices 'true' does not go with --read-by=sysfs"),
            problem ->
                assertThat(problem)
                    .startsWith("--allocate 'true' does not go with --read-by=sysfs"));
  }

  @Test
  void tablesAreServedUnlessTheyAreARecordings() throws IOException {
    Path recording = Files.writeString(folder.resolve("r.json"), "{}");

    assertThat(valid(NODE, "--query-socket=none").querySocket()).isEmpty();
    assertThat(valid(NODE, "--recording=" + recording).querySocket()).isEmpty();
    assertThat(
            valid(NODE, "--recording=" + recording, "--query-socket=/tmp/query.sock").querySocket())
        .contains(Path.of("/tmp/query.sock"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "query.sock", "/"})
  void aQuerySocketIsAnAbsolutePath(String path) {
    assertThat(problems(NODE, "--query-socket=" + path))
        .singleElement()
        .asString()
        .startsWith("--query-socket");
  }

  @Test
  void aQuerySocketHasAtMost106Bytes() {
    assertThat(valid(NODE, "--query-socket=/" + "s".repeat(105)).querySocket()).isPresent();
    assertThat(problems(NODE, "--query-socket=/" + "s".repeat(106)))
        .singleElement()
        .asString()
        .contains("106 bytes");
  }

  @Test
  void helpNamesEveryOptionWhateverElseIsWrong() {
    AgentConfig.Result result = AgentConfig.parse(List.of("--help", "--resync=x"), Map.of());

    assertThat(result).isInstanceOf(AgentConfig.Result.Help.class);
    assertThat(((AgentConfig.Result.Help) result).text())
        .contains("--node-name", "--management-address", "--recording", "--resync")
        .contains("--hold-devices", "--allocate", "--kubelet-registration", "--query-socket")
        .contains("--read-by", "--log-level");
  }
}
