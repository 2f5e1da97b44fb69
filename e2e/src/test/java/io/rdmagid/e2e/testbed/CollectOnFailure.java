package io.rdmagid.e2e.testbed;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * Collects {@link Diagnostics} when a test or one of its set-up methods fails, before anything is
 * cleaned up. With {@code @ExtendWith} from the testbed; with {@code @RegisterExtension} and {@link
 * #of} from a control plane.
 */
public final class CollectOnFailure
    implements AfterTestExecutionCallback, LifecycleMethodExecutionExceptionHandler {
  private final BiConsumer<String, Throwable> collect;

  public CollectOnFailure() {
    this((test, _) -> Diagnostics.collect(Testbed.attach(), test));
  }

  private CollectOnFailure(BiConsumer<String, Throwable> collect) {
    this.collect = collect;
  }

  public static CollectOnFailure of(ControlPlane controlPlane) {
    return new CollectOnFailure((test, _) -> Diagnostics.collect(controlPlane, test));
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context.getExecutionException().ifPresent(failure -> collect(context, failure));
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    collect(context, failure);
    throw failure;
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    collect(context, failure);
    throw failure;
  }

  private void collect(ExtensionContext context, Throwable failure) {
    String test =
        context.getRequiredTestClass().getSimpleName()
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    try {
      collect.accept(test, failure);
    } catch (RuntimeException e) {
      // The test's own failure counts, not this one.
      failure.addSuppressed(e);
    }
  }
}
