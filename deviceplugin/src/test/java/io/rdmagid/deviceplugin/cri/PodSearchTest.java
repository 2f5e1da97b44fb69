package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.cri.PodSearch.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodSearchTest {
  private static final String RAIL = "rdmagid.io/rail";

  private final Map<String, PodDevices> kubelet = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final PodSearch search =
      new PodSearch((namespace, pod) -> {
        asked.add(pod);
        return Optional.ofNullable(kubelet.get(pod));
      });

  private static ReadySandbox sandbox(String id, String pod, long createdAt) {
    return new ReadySandbox(id, "uid-" + id, "default", pod, createdAt, "");
  }

  private void holds(String pod, String container, String... ids) {
    kubelet.put(pod, new PodDevices(Map.of(container, Map.of(RAIL, Set.of(ids)))));
  }

  private Result find(List<ReadySandbox> ready, String... ids)
      throws CallFailedException, InterruptedException {
    return search.find(ready, RAIL, Set.of(ids));
  }

  private static String sandboxOf(Result result) {
    return result instanceof Result.Found found ? found.sandbox().id() : "none";
  }

  private List<String> askedSince() {
    List<String> since = List.copyOf(asked);
    asked.clear();
    return since;
  }

  @Test
  void theNewestAreAskedOfFirstAndOthersNotAtAll()
      throws CallFailedException, InterruptedException {
    List<ReadySandbox> ready =
        List.of(sandbox("1", "old", 10), sandbox("3", "new", 30), sandbox("2", "middle", 20));
    holds("old", "main", "a");
    holds("middle", "main", "b");
    holds("new", "main", "c");

    Result result = find(ready, "b");

    assertThat(result).isEqualTo(new Result.Found(ready.get(2), "main", kubelet.get("middle")));
    assertThat(askedSince()).containsExactly("new", "middle");
  }

  @Test
  void whoHasOtherDevicesIsNotAskedOfAgain() throws CallFailedException, InterruptedException {
    List<ReadySandbox> ready = new ArrayList<>();
    for (int pod = 0; pod < 100; pod++) {
      ready.add(sandbox("s" + pod, "pod-" + pod, pod));
      holds("pod-" + pod, "main", "id-" + pod);
    }
    assertThat(sandboxOf(find(ready, "id-0"))).isEqualTo("s0");
    assertThat(askedSince()).hasSize(100);

    assertThat(sandboxOf(find(ready, "id-0"))).isEqualTo("s0"); // started again
    assertThat(askedSince()).containsExactly("pod-0");
    ready.add(sandbox("s100", "pod-100", 100));
    holds("pod-100", "main", "id-100");
    assertThat(sandboxOf(find(ready, "id-100"))).isEqualTo("s100");
    assertThat(askedSince()).containsExactly("pod-100");
    assertThat(sandboxOf(find(ready, "id-57"))).isEqualTo("s57");
    assertThat(askedSince()).containsExactly("pod-57");
  }

  @Test
  void devicesThatWereGivenOnAreThoseOfTheirNewPod()
      throws CallFailedException, InterruptedException {
    List<ReadySandbox> ready = new ArrayList<>(List.of(sandbox("1", "ended", 10)));
    holds("ended", "main", "a");
    assertThat(sandboxOf(find(ready, "a"))).isEqualTo("1");
    holds("ended", "main"); // it has ended, and its sandbox is still there
    holds("next", "main", "a");
    ready.add(sandbox("2", "next", 20));

    assertThat(sandboxOf(find(ready, "a"))).isEqualTo("2");
    kubelet.remove("next"); // gone between
    assertThat(find(ready, "a")).isEqualTo(new Result.None(Optional.empty()));
  }

  @Test
  void exactlyTheseDevicesAndNoOthers() throws CallFailedException, InterruptedException {
    List<ReadySandbox> ready = List.of(sandbox("1", "pod", 10));
    holds("pod", "main", "a", "b");

    assertThat(find(ready, "a")).isEqualTo(new Result.None(Optional.of(ready.getFirst())));
    assertThat(find(ready, "a", "b", "c"))
        .isEqualTo(new Result.None(Optional.of(ready.getFirst())));
    assertThat(find(ready, "c")).isEqualTo(new Result.None(Optional.empty()));
    assertThat(search.find(ready, "rdmagid.io/other", Set.of("a", "b")))
        .isEqualTo(new Result.None(Optional.empty()));
    assertThat(sandboxOf(find(ready, "b", "a"))).isEqualTo("1");
  }

  @Test
  void ofTwoPodsOfOneNameTheNewerIsMeant() throws CallFailedException, InterruptedException {
    ReadySandbox killed = sandbox("1", "set-0", 10);
    ReadySandbox next = sandbox("2", "set-0", 20);
    holds("set-0", "main", "b"); // of the next, which the kubelet knows by now

    assertThat(sandboxOf(find(List.of(killed), "b"))).isEqualTo("1"); // nothing else is there
    assertThat(sandboxOf(find(List.of(killed, next), "b"))).isEqualTo("2");
    askedSince();
    assertThat(sandboxOf(find(List.of(killed, next), "c"))).isEqualTo("none");
    holds("set-0", "main", "c"); // what was told before may have been the other's
    assertThat(sandboxOf(find(List.of(killed, next), "c"))).isEqualTo("2");
    assertThat(askedSince()).containsExactly("set-0", "set-0");
  }

  @Test
  void aPodThatTheKubeletDoesNotKnowIsAskedOfAgain()
      throws CallFailedException, InterruptedException {
    List<ReadySandbox> ready = List.of(sandbox("1", "pod", 10));
    assertThat(sandboxOf(find(ready, "a"))).isEqualTo("none");
    holds("pod", "main", "a");
    assertThat(sandboxOf(find(ready, "a"))).isEqualTo("1");
  }
}
