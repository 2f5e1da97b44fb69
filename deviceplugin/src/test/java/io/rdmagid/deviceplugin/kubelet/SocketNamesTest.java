package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.deviceplugin.transport.UnixSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SocketNamesTest {
  private static final Path FOLDER = Path.of("/var/lib/kubelet/device-plugins");

  private final SocketNames names = new SocketNames(FOLDER, "4194304");

  @Test
  void aNameTellsResourceAndProcess() {
    assertThat(names.of("rdmagid.io/rail"))
        .hasToString("/var/lib/kubelet/device-plugins/rdmagid-rail-4194304.sock");
    assertThat(names.kubelet()).hasToString("/var/lib/kubelet/device-plugins/kubelet.sock");
  }

  @Test
  void theLongestNamesFitAndDiffer() {
    String start = "a".repeat(62);

    String one = names.of(start + "b").toString();
    String other = names.of(start + "c").toString();

    assertThat(one).hasSize(UnixSocket.LONGEST_PATH).startsWith(FOLDER + "/rdmagid-aaaaaaaaaa");
    assertThat(other).hasSize(UnixSocket.LONGEST_PATH).isNotEqualTo(one);
    assertThat(names.of(start + "b")).hasToString(one);
  }

  @Test
  void aNameThatJustFitsStaysAsItIs() {
    String pool = "a".repeat(UnixSocket.LONGEST_PATH - names.of("").toString().length());

    assertThat(names.of(pool).toString()).contains("/rdmagid-" + pool + "-4194304.sock");
    assertThat(names.of(pool + "a").toString())
        .hasSize(UnixSocket.LONGEST_PATH)
        .doesNotContain(pool);
  }

  @Test
  void aFolderThatIsTooDeepIsRefused() {
    Path deep = Path.of("/" + "d".repeat(80));

    assertThatThrownBy(() -> new SocketNames(deep, "4194304"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(deep.toString())
        .hasMessageContaining("too long");
  }
}
