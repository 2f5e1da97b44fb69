package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.rdmagid.deviceplugin.BoundedTries;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/** Random tables, looks, pods and agents, in any order. */
@BoundedTries(mebibytes = 256)
class AllocationBookFuzzTest {
  private static final int STEPS = 30;

  /** A disk that is full says so at each step. */
  @BeforeContainer
  static void silence() {
    log().setLevel(Level.OFF);
  }

  @AfterContainer
  static void speakAgain() {
    log().setLevel(null);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(AllocationBook.class.getPackageName());
  }

  /** An index that is not the pod's own is worse than none; and none is there without a reason. */
  @Property
  void aFolderHasTheIndexOfItsPodsAddressOrNone(@ForAll Random random) {
    RandomNode node = new RandomNode(random);
    for (int step = 0; step < STEPS; step++) {
      node.step();
      assertThat(node.wrong()).as(node.story()).isEmpty();
    }
  }
}
