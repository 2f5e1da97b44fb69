package io.rdmagid.deviceplugin.query;

import io.rdmagid.gid.Gid;
import io.rdmagid.proto.gidtable.EntryType;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with requests: all of it at once, empty where nothing is. Pure. */
final class QueryProblems {
  /** IB_DEVICE_NAME_MAX (include/rdma/ib_verbs.h) without the byte that ends the text. */
  private static final int LONGEST_DEVICE = 63;

  /** IFNAMSIZ (include/uapi/linux/if.h) without that byte. */
  private static final int LONGEST_NETDEV = 15;

  /** IPv6 with a dotted quad at its end. */
  private static final int LONGEST_ADDRESS = 45;

  private final List<String> problems = new ArrayList<>();

  private QueryProblems() {}

  static String of(QueryTableRequest request) {
    QueryProblems problems = new QueryProblems();
    problems.text("device", request.getDevice(), LONGEST_DEVICE);
    problems.portOfDevice(request.getPort(), request.getDevice());
    return problems.text();
  }

  static String of(QueryEntryRequest request) {
    QueryProblems problems = new QueryProblems();
    if (request.getDevice().isEmpty()) {
      problems.add("device: is missing, name one such as mlx5_0");
    }
    problems.text("device", request.getDevice(), LONGEST_DEVICE);
    if (request.getPort() == 0) {
      problems.add("port: is missing, ports count from 1");
    }
    return problems.text();
  }

  static String of(FindRequest request) {
    QueryProblems problems = new QueryProblems();
    problems.text("address", request.getAddress(), LONGEST_ADDRESS);
    problems.address(request.getAddress());
    problems.text("netdev", request.getNetdev(), LONGEST_NETDEV);
    if (request.getType() == EntryType.UNRECOGNIZED) {
      problems.add("type: " + request.getTypeValue() + " is no EntryType that this agent knows");
    }
    problems.text("device", request.getDevice(), LONGEST_DEVICE);
    problems.portOfDevice(request.getPort(), request.getDevice());
    return problems.text();
  }

  private void text(String field, String text, int longest) {
    if (text.length() > longest) {
      add(field + ": has " + text.length() + " characters, more than " + longest);
    } else if (text.codePoints().anyMatch(Character::isISOControl)) {
      add(field + ": has control characters");
    }
  }

  private void address(String text) {
    if (text.isEmpty() || text.length() > LONGEST_ADDRESS) {
      return;
    }
    try {
      Gid _ = Gid.ofAddress(text);
    } catch (IllegalArgumentException e) {
      add("address: is neither an IP address nor a GID, without a scope");
    }
  }

  private void portOfDevice(int port, String device) {
    if (port != 0 && device.isEmpty()) {
      add("device: is missing, a port alone says nothing");
    }
  }

  private void add(String problem) {
    problems.add(problem);
  }

  private String text() {
    return String.join("; ", problems);
  }
}
