package io.rdmagid.e2e.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A recording of a node with one-port devices, each with a netdev and one IPv4 address. */
public record RecordingFile(Path file) {
  /** Replaces the file as a whole; an address is {@code 10.N.0.HOST} on device N. */
  public void write(int... hosts) {
    String devices =
        IntStream.range(0, hosts.length)
            .mapToObj(n ->
                """
                {"name": "mlx5_%1$d", "uverbs": "uverbs%1$d", "ports": [{"port": 1, "gidTableLength": 256,
                  "gids": [{"index": 3, "gid": "::ffff:10.%1$d.0.%2$d", "type": "RoCE v2", "ifindex": %3$d}]}]}\
                """
                    .formatted(n, hosts[n], n + 2))
            .collect(Collectors.joining(","));
    String links =
        IntStream.range(0, hosts.length)
            .mapToObj(n ->
                """
                {"ifindex": %3$d, "name": "ens%1$d", "addresses": ["10.%1$d.0.%2$d/24"]}\
                """
                    .formatted(n, hosts[n], n + 2))
            .collect(Collectors.joining(","));
    String document =
        """
        {"version": 1, "devices": [%s], "links": [%s]}\
        """
            .formatted(devices, links);
    try {
      Path young = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), document);
      Files.move(young, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
