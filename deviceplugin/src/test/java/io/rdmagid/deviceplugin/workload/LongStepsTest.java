package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long the thread says that it has been at a step which has many parts. */
class LongStepsTest extends OnWorkload {
  private static final AllocationId OTHER = new AllocationId("rail", List.of("rxe0:1::1"));

  private final LinkedBlockingQueue<Duration> busy = new LinkedBlockingQueue<>();
  private final AtomicReference<Workload> asked = new AtomicReference<>();

  @AfterEach
  void endSlow() {
    asked.get().close();
  }

  /** A disk that takes minutes for each is slow; one that does not come to an end hangs. */
  @Test
  void eachRecordIsAPartOfItsOwn() {
    workload.close();
    Workload slow = new Workload("node-a", World.BOOT, world.edges(store(world.store())), now::get);
    slow.offerTo(offers::add);
    slow.read(tables(POD));
    slow.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    slow.synchronize(List.of(), List.of());
    assertThat(slow.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    assertThat(slow.allocate("rail", OTHER.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    asked.set(slow);

    slow.synchronize(List.of(sandbox()), List.of(container(), World.container("c2", "s1", OTHER)));
    slow.sandboxStopped("s1");
    awaitAllDone(slow);

    assertThat(busy).hasSizeGreaterThanOrEqualTo(4).containsOnly(Duration.ofMinutes(3));
  }

  private AllocationStore store(AllocationStore disk) {
    return new AllocationStore() {
      @Override
      public List<AllocationRecord> load() {
        return disk.load();
      }

      @Override
      public void write(AllocationRecord record) {
        Workload writing = asked.get();
        if (writing != null) {
          now.addAndGet(Duration.ofMinutes(3).toNanos());
          busy.add(writing.busy());
        }
        disk.write(record);
      }

      @Override
      public void remove(AllocationId id) {
        disk.remove(id);
      }
    };
  }
}
