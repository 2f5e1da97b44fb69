package io.rdmagid.deviceplugin.others;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of the sharings is to be told: each device and author once, until it has been over for
 * {@link #FORGOTTEN}. A plugin that starts again writes its specs anew, and a job makes one pod
 * after the other: neither is news, so all pods of a namespace are one author. Does nothing but
 * remember. For one thread at a time.
 */
final class SharingNews {
  static final Duration FORGOTTEN = Duration.ofHours(1);

  private record Told(String device, Object author) {
    static Told of(Sharing sharing) {
      return new Told(
          sharing.device(),
          switch (sharing.giver()) {
            case Giver.Spec spec -> spec;
            case Giver.Pod pod -> pod.namespace();
          });
    }
  }

  private final Map<Told, Long> told = new HashMap<>();
  private Set<Told> current = Set.of();

  /**
   * What nobody has been told of yet.
   *
   * @param sharings all of now
   * @param now nanoseconds of a clock that only goes forward
   * @return by giver
   */
  Map<Giver, List<Sharing>> of(List<Sharing> sharings, long now) {
    current.forEach(seen -> told.put(seen, now)); // it lasted until now
    told.values().removeIf(seen -> now - seen > FORGOTTEN.toNanos());
    current = new HashSet<>();
    Map<Giver, List<Sharing>> news = new LinkedHashMap<>();
    for (Sharing sharing : sharings) {
      Told key = Told.of(sharing);
      current.add(key);
      if (told.put(key, now) == null) {
        news.computeIfAbsent(sharing.giver(), _ -> new ArrayList<>()).add(sharing);
      }
    }
    return news;
  }
}
