package io.rdmagid.deviceplugin;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * What {@link BoundedTries} says. A try runs on a thread of its own, which is left alone where it
 * does not end: JUnit's own limit is none of jqwik's, and an endless loop heeds no interrupt.
 */
final class TryBounds implements AroundTryHook {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public TryExecutionResult aroundTry(
      TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) throws Throwable {
    BoundedTries bounds =
        Stream.concat(
                context.findAnnotation(BoundedTries.class).stream(),
                context.findAnnotationsInContainer(BoundedTries.class).stream())
            .findFirst()
            .orElseThrow();
    return run(() -> aTry.execute(parameters), LIMIT, (long) bounds.mebibytes() << 20);
  }

  /** A try without its parameters. */
  interface Try {
    TryExecutionResult run();
  }

  static TryExecutionResult run(Try aTry, Duration limit, long mostBytes) throws Throwable {
    FutureTask<TryExecutionResult> task = new FutureTask<>(aTry::run);
    long before = THREADS.getTotalThreadAllocatedBytes();
    Thread thread = Thread.ofPlatform().daemon().name("try").start(task);
    try {
      TryExecutionResult result = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      long bytes = THREADS.getTotalThreadAllocatedBytes() - before;
      return result.isFalsified() || bytes <= mostBytes
          ? result
          : falsified("a try allocated %d bytes, more than %d".formatted(bytes, mostBytes));
    } catch (TimeoutException e) {
      AssertionError hang = new AssertionError("a try took more than " + limit + ", and is here");
      hang.setStackTrace(thread.getStackTrace());
      thread.interrupt();
      return TryExecutionResult.falsified(hang);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private static TryExecutionResult falsified(String what) {
    return TryExecutionResult.falsified(new AssertionError(what));
  }
}
