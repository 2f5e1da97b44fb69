package io.rdmagid.deviceplugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Each try of these properties ends, and takes no more memory than this. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@AddLifecycleHook(TryBounds.class)
public @interface BoundedTries {
  /**
   * What all threads may allocate during one try. The bound of a method goes before its class's.
   */
  int mebibytes();
}
