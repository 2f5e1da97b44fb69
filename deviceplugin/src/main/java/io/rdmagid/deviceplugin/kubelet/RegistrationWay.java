package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import java.util.List;

/**
 * How one pool's plugin comes to the kubelet. It belongs to the edge's thread, but for what the
 * kubelet calls.
 */
sealed interface RegistrationWay permits RegisterCall, WatchedSocket {
  /** What the kubelet said. */
  sealed interface Said {
    /** It takes the plugin. Its ListAndWatch follows, or has begun. */
    record Accepted() implements Said {}

    /** It does not take the plugin or is not there, and is to be asked again. */
    record Refused(String reason) implements Said {}

    /** It answers, or comes by itself; the reason is why it has not taken the plugin yet. */
    record Comes(String reason) implements Said {}
  }

  /** What is served on the pool's socket beside the plugin. */
  List<BindableService> services();

  /** Whether another try takes a socket that was made anew. */
  boolean needsNewSocket();

  /** Introduces the plugin, whose socket is served. Waits for nobody. */
  Said introduce();

  /** What the kubelet said since the last call, in that order. */
  List<Said> heard();

  /** The socket is closed: what was begun by it, or said and not heard, counts no more. */
  void forget();
}
