package io.rdmagid.deviceplugin.nri;

import io.rdmagid.deviceplugin.workload.RuntimeListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agent connected to the container runtime. {@link #run} is the whole life of thread
 * {@code nri}: it connects, serves, and connects again, once at once and then with growing pauses.
 * {@link #close} and {@link #state} may come from any thread.
 *
 * <p>The listener is called by one thread at a time, {@code nri-calls}, which lives as long as a
 * connection; no call is left when the next connection begins. It is interrupted in {@link
 * RuntimeListener#createContainer} only, when the connection ends meanwhile. Two plugins of the
 * same name must not be connected at a time: the runtime would ask both.
 */
public final class NriPlugin implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NriPlugin.class);
  private static final Pattern INDEX = Pattern.compile("[0-9]{2}");

  private final UnixDomainSocketAddress socket;
  private final String name;
  private final String index;
  private final RuntimeListener listener;
  private final NriMetrics metrics;
  private final Consumer<NriPresence> presence;
  private final ReconnectPauses pauses;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object lock = new Object();
  private volatile NriState state = NriState.ABSENT;
  private @Nullable SocketChannel channel;
  private volatile long synchronizedAt;
  private @Nullable String logged;

  /**
   * Makes a plugin that does nothing before {@link #run}.
   *
   * @param socket the runtime's, usually /var/run/nri/nri.sock; need not be there
   * @param name of the plugin, as required-plugins of NRI's validator have it
   * @param index two digits: the runtime asks plugins in this order
   * @param presence gets what each try of a connection shows, by the thread that serves or by
   *     {@code nri-calls}; must not block
   */
  public NriPlugin(
      Path socket,
      String name,
      String index,
      RuntimeListener listener,
      NriMetrics metrics,
      Consumer<NriPresence> presence) {
    this(socket, name, index, listener, metrics, presence, ReconnectPauses.USUAL);
  }

  NriPlugin(
      Path socket,
      String name,
      String index,
      RuntimeListener listener,
      NriMetrics metrics,
      Consumer<NriPresence> presence,
      ReconnectPauses pauses) {
    if (name.isEmpty() || !INDEX.matcher(index).matches()) {
      throw new IllegalArgumentException(
          "a plugin needs a name and an index of two digits: '" + name + "', '" + index + "'");
    }
    this.socket = UnixDomainSocketAddress.of(socket);
    this.name = name;
    this.index = index;
    this.listener = listener;
    this.metrics = metrics;
    this.presence = presence;
    this.pauses = pauses;
  }

  /** How the agent stands with the runtime now. */
  public NriState state() {
    return state;
  }

  /** Ends {@link #run} soon. */
  @Override
  public void close() throws IOException {
    synchronized (lock) {
      closed.countDown();
      if (channel != null) {
        channel.close();
      }
    }
  }

  /** Serves until {@link #close} or an interrupt. Belongs on a platform thread of its own. */
  @Override
  public void run() {
    int failures = 0;
    try {
      do {
        attempt();
        failures = pauses.failures(failures, synchronizedFor());
        set(NriState.ABSENT);
      } while (!closed.await(pauses.after(failures).toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      set(NriState.ABSENT); // whatever ends it
    }
  }

  private Optional<Duration> synchronizedFor() {
    return state == NriState.SYNCHRONIZED
        ? Optional.of(Duration.ofNanos(System.nanoTime() - synchronizedAt))
        : Optional.empty();
  }

  private void attempt() throws InterruptedException {
    try (SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      if (!hold(opened)) {
        return;
      }
      if (!connect(opened)) {
        return;
      }
      set(NriState.CONNECTING);
      presence.accept(NriPresence.SOMEBODY);
      new NriConnection(opened, listener, metrics, this::synchronizedWith).serve(name, index);
      logEnd("closed by the runtime", null);
    } catch (IOException e) {
      logEnd(e instanceof NriProtocolException ? e.getMessage() : e.toString(), e.getCause());
    }
  }

  /** Whether somebody listens there. */
  private boolean connect(SocketChannel opened) throws IOException {
    try {
      opened.connect(socket);
      return true;
    } catch (SocketException e) {
      if (!(e instanceof ConnectException) && Files.exists(socket.getPath())) {
        throw e; // a socket that we may not use, say
      }
      logEnd(e.toString(), null);
      presence.accept(NriPresence.NOBODY);
      return false;
    }
  }

  /** Lets {@link #close} close it, unless it was called already. */
  private boolean hold(SocketChannel opened) {
    synchronized (lock) {
      channel = opened;
      return closed.getCount() > 0;
    }
  }

  private void synchronizedWith(String runtime) {
    synchronizedAt = System.nanoTime();
    set(NriState.SYNCHRONIZED);
    presence.accept(NriPresence.SYNCHRONIZED);
    LOG.atInfo().addKeyValue("runtime", runtime).log("container runtime synchronized");
  }

  private void set(NriState now) {
    state = now;
    metrics.state(now);
  }

  /** Each reason once, until the runtime was there again. */
  private void logEnd(@Nullable String reason, @Nullable Throwable cause) {
    boolean wanted = closed.getCount() == 0 || Thread.currentThread().isInterrupted();
    boolean known = state != NriState.SYNCHRONIZED && Objects.equals(reason, logged);
    logged = reason;
    if (!wanted && !known) {
      LOG.atWarn()
          .setCause(cause)
          .addKeyValue("socket", socket)
          .addKeyValue("reason", reason)
          .log("no connection to the container runtime, containers are made without the agent");
    }
  }
}
