package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.query.QueryEdge;
import io.rdmagid.deviceplugin.transport.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That docs/threads.md names the threads that there are. */
class ThreadsTest {
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void thoseOfTheQueryService(@TempDir Path folder) throws IOException {
    Path socket = folder.resolve("query.sock");
    Set<String> before = threads();
    Set<String> during;
    try (QueryEdge _ = QueryEdge.start(socket, new SimpleMeterRegistry(), Clock.systemUTC())) {
      assertThat(UnixSocket.isListening(socket)).isTrue();
      during = threads();
    }
    String page = Files.readString(Path.of("../docs/threads.md"));

    during.removeAll(before);
    assertThat(during).contains("query", "query-sockets");
    assertThat(during)
        .filteredOn(name -> name.startsWith("query"))
        .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    assertThat(page).contains("| `query-call-N` (virtual, one a call) |");
  }
}
