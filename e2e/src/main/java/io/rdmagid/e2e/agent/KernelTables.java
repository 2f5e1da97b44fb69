package io.rdmagid.e2e.agent;

import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.gid.Gid;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node's kernel says of its GID tables, by ways that the agent does not go: index, GID and
 * type by {@code ibv_devinfo -v}, netdevs by sysfs.
 */
public final class KernelTables {
  /** More than tests fill that wait for a table, in which each look reads all of these. */
  private static final int SLOTS = 32;

  private static final Pattern DEVICE = Pattern.compile("hca_id:\\s*(\\S+)");
  private static final Pattern PORT = Pattern.compile("\\s*port:\\s*(\\d+)");
  private static final Pattern ENTRY =
      Pattern.compile("\\s*GID\\[\\s*(\\d+)\\]:\\s*([0-9a-fA-F:.]+), (.+)");

  /** Orders entries by device, port and index. */
  public static final Comparator<TableEntry> ORDER =
      Comparator.comparing(TableEntry::device)
          .thenComparingInt(TableEntry::port)
          .thenComparingInt(TableEntry::index);

  private KernelTables() {}

  /** All entries of all ports of a node. */
  public static SortedSet<TableEntry> of(Node node) {
    Map<String, String> netdevs = netdevs(node);
    SortedSet<TableEntry> entries = new TreeSet<>(ORDER);
    String device = "";
    int port = 0;
    for (String line : node.sh("ibv_devinfo -v").lines().toList()) {
      Matcher deviceLine = DEVICE.matcher(line);
      Matcher portLine = PORT.matcher(line);
      Matcher entryLine = ENTRY.matcher(line);
      if (deviceLine.matches()) {
        device = deviceLine.group(1);
      } else if (portLine.matches()) {
        port = Integer.parseInt(portLine.group(1));
      } else if (entryLine.matches()) {
        int index = Integer.parseInt(entryLine.group(1));
        entries.add(
            new TableEntry(
                device,
                port,
                index,
                Gid.parse(entryLine.group(2)).toString(),
                entryLine.group(3).strip(),
                netdevs.getOrDefault(device + "/" + port + "/" + index, "")));
      }
    }
    return entries;
  }

  /** The same by nothing but the files of sysfs, every slot of every table. */
  public static SortedSet<TableEntry> bySysfs(Node node) {
    String script =
        """
        cd /sys/class/infiniband && for p in */ports/*; do
        grep -H -v '^0000:0000:0000:0000:0000:0000:0000:0000$' $p/gids/* | while IFS= read -r line; do
        f=${line%%:*}; i=${f##*/}; read -r type < $p/gid_attrs/types/$i; read -r netdev < $p/gid_attrs/ndevs/$i;
        printf '%s|%s|%s|%s|%s\\n' "${p%%/*}" "${p##*/}" "$i" "${line#*:}" "$type|$netdev"; done; done\
        """
            .replace("\n", " ");
    SortedSet<TableEntry> entries = new TreeSet<>(ORDER);
    for (String line : node.sh(script).lines().toList()) {
      List<String> words = List.of(line.split("\\|", -1));
      entries.add(
          new TableEntry(
              words.getFirst(),
              Integer.parseInt(words.get(1)),
              Integer.parseInt(words.get(2)),
              Gid.parse(words.get(3)).toString(),
              words.get(4),
              words.getLast()));
    }
    return entries;
  }

  /** By device/port/index. */
  private static Map<String, String> netdevs(Node node) {
    String script =
        """
        cd /sys/class/infiniband && for p in */ports/*; do i=0; while [ $i -lt %d ]; do
        { read -r n < $p/gid_attrs/ndevs/$i && echo "$p/$i $n"; } 2>/dev/null; i=$((i+1)); done; done; true\
        """
            .formatted(SLOTS)
            .replace("\n", " ");
    Map<String, String> netdevs = new HashMap<>();
    for (String line : node.sh(script).lines().toList()) {
      List<String> words = List.of(line.split(" ", -1));
      netdevs.put(words.getFirst().replace("/ports/", "/"), words.getLast());
    }
    return netdevs;
  }
}
