package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.OneReading;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InsideProcessTest {
  private static final String DOCUMENT = "{\"version\": 1}";

  private static OneReading.Result shell(String script) {
    return new InsideProcess(List.of("sh", "-c", script)).read(Path.of("/run/netns/x"));
  }

  @Test
  void whatItWritesIsWhatWasRead() {
    assertThat(shell("echo '" + DOCUMENT + "'"))
        .isEqualTo(new OneReading.Result.Read(Inventory.EMPTY, List.of(), Map.of()));
    assertThat(shell("echo '" + DOCUMENT + "'; echo 'rdmagid: rxe0: refused' >&2; exit 3"))
        .isEqualTo(new OneReading.Result.Read(Inventory.EMPTY, List.of("rxe0: refused"), Map.of()));
  }

  @Test
  void itGetsTheNamespace() {
    assertThat(shell("echo \"rdmagid: $0\" >&2; exit 3"))
        .isEqualTo(new OneReading.Result.Refused("/run/netns/x"));
  }

  @Test
  void whatTheJvmSaysIsNoRefusal() {
    assertThat(shell("echo 'Picked up JAVA_TOOL_OPTIONS: -Dx' >&2; echo '" + DOCUMENT + "'"))
        .isEqualTo(new OneReading.Result.Read(Inventory.EMPTY, List.of(), Map.of()));
  }

  @Test
  void whatItRefusesIsTold() {
    assertThat(InsideProcess.result(2, "", List.of("rdmagid: there is none")))
        .isEqualTo(new OneReading.Result.Invalid(List.of("there is none")));
    assertThat(InsideProcess.result(3, "\n", List.of("rdmagid: no", "rdmagid: never")))
        .isEqualTo(new OneReading.Result.Refused("no; never"));
    assertThat(InsideProcess.result(134, "", List.of("# SIGSEGV")))
        .isEqualTo(
            new OneReading.Result.Refused(
                "the process that reads inside ended with code 134; # SIGSEGV"));
  }

  @Test
  void aCommandThatIsNotThereIsAnOutcome() {
    assertThat(new InsideProcess(List.of("/no-such/java")).read(Path.of("/run/netns/x")))
        .isInstanceOf(OneReading.Result.Refused.class);
  }

  /** What it finds is the machine's; that it moves, ends and is understood is ours. */
  @Test
  void theProgramItselfReadsInside() {
    try (PodNamespace pod = new PodNamespace()) {
      assertThat(new InsideProcess().read(pod.file()))
          .isNotInstanceOf(OneReading.Result.Invalid.class)
          .satisfies(result ->
              assertThat(result.toString())
                  .doesNotContain("reads inside ended")
                  .doesNotContain("netlink"));
    }
    assertThat(new InsideProcess().read(Path.of("/dev/null")))
        .isInstanceOfSatisfying(
            OneReading.Result.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .containsExactly(
                        "it is no network namespace: netlink setns to /dev/null: EINVAL (22):"
                            + " invalid argument"));
  }
}
