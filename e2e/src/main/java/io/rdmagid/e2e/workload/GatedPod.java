package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Poll;
import java.time.Duration;

/**
 * A pod that has its devices and its sandbox, and whose container is made only when its gate, an
 * init container without devices, opens.
 */
public record GatedPod(Kubectl kubectl, String name) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Whoever opens the gate leaves the number of their process, and the gate waits for its end: the
   * first process of a container takes the others with it, and kubectl would say 137 of an opener
   * that was not gone.
   */
  private static final String GATE =
      """
        initContainers:
          - name: gate
            image: localhost/rdma-tools:1
            imagePullPolicy: Never
            command: [sh, -c, "until [ -s /tmp/open ]; do sleep 0.1; done; while [ -e /proc/$(cat /tmp/open) ]; do sleep 0.1; done"]
      """;

  /** Makes the pod, and returns when it waits at its gate. */
  public static GatedPod create(Kubectl kubectl, String name, RdmaPod.Wish wish) {
    String _ = kubectl.apply(RdmaPod.yaml(name, wish, GATE));
    GatedPod pod = new GatedPod(kubectl, name);
    Poll.until(
        "pod " + name + " to wait at its gate",
        PATIENCE,
        () ->
            !new RdmaPod(kubectl, name)
                .unlessFailed("{.status.initContainerStatuses[0].state.running}")
                .isEmpty(),
        () -> kubectl.run("describe", "pod", name).out());
    return pod;
  }

  /** Lets the container be made; it may not run yet. */
  public RdmaPod open() {
    String _ = kubectl.kubectl("exec", name, "-c", "gate", "--", "sh", "-c", "echo $$ > /tmp/open");
    return new RdmaPod(kubectl, name);
  }
}
