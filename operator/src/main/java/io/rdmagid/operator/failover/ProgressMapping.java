package io.rdmagid.operator.failover;

import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.PoolFailoverPod;
import io.rdmagid.api.v1alpha1.PoolFailoverStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Progress} as {@code status.failover} of a pool, and back. */
public final class ProgressMapping {
  private ProgressMapping() {}

  /** What is shown; null for nothing. */
  public static @Nullable PoolFailoverStatus status(Progress progress) {
    return progress.equals(Progress.NONE)
        ? null
        : new PoolFailoverStatus(
            progress.window().map(window -> window.start().toString()).orElse(null),
            progress.window().map(Budget.Window::evictions).orElse(null),
            progress.groups().stream().map(ProgressMapping::row).toList());
  }

  private static PoolFailoverGroup row(Group group) {
    return new PoolFailoverGroup(
        group.uid(),
        group.phase().text(),
        group.since().toString(),
        group.reason().isEmpty() ? null : group.reason(),
        group.members().stream()
            .map(member ->
                new PoolFailoverPod(
                    member.pod().namespace(),
                    member.pod().name(),
                    member.pod().uid(),
                    member.evicted() ? true : null))
            .toList());
  }

  /**
   * What is to be gone on with. Empty where any of it is missing or not understood, as what a later
   * version wrote: then only that one can go on. Never throws.
   */
  public static Optional<Progress> parse(@Nullable PoolFailoverStatus status) {
    if (status == null) {
      return Optional.of(Progress.NONE);
    }
    try {
      List<Group> groups = new ArrayList<>();
      for (PoolFailoverGroup row : status.groups()) {
        groups.add(group(row));
      }
      Optional<Budget.Window> window =
          status.window() == null
              ? Optional.empty()
              : Optional.of(
                  new Budget.Window(Instant.parse(status.window()), required(status.evictions())));
      return Optional.of(new Progress(window, groups));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException or DateTimeException for one that is not whole
   */
  private static Group group(PoolFailoverGroup row) {
    return new Group(
        required(row.uid()),
        Group.Phase.fromText(required(row.phase())).orElseThrow(IllegalArgumentException::new),
        Instant.parse(required(row.since())),
        row.reason() == null ? "" : row.reason(),
        row.pods().stream()
            .map(pod ->
                new Group.Member(
                    new PodRef(
                        required(pod.namespace()), required(pod.name()), required(pod.uid())),
                    Boolean.TRUE.equals(pod.evicted())))
            .toList());
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException();
    }
    return value;
  }
}
