package io.rdmagid.kubectl.check;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.gid.Gid;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Unreadable;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.stream.Collectors;

/** One thing that is wrong. */
public sealed interface Finding {
  /** What it is. */
  Kind kind();

  /** What it is about, for people. */
  String subject();

  /** For people, without a full stop. */
  String message();

  /** About a port. */
  record OfPort(Kind kind, PortRef port, String message) implements Finding {
    @Override
    public String subject() {
      return port.toString();
    }
  }

  /** About a node. */
  record OfNode(Kind kind, String node, String message) implements Finding {
    @Override
    public String subject() {
      return "node " + node;
    }
  }

  /** About a pool. */
  record OfPool(Kind kind, String pool, String message) implements Finding {
    @Override
    public String subject() {
      return "pool " + pool;
    }
  }

  /** About a pod as a whole. */
  record OfPod(Kind kind, PodName pod, String message) implements Finding {
    @Override
    public String subject() {
      return pod.toString();
    }
  }

  /** About a port that a container holds. */
  record OfContainer(Kind kind, PodName pod, String container, PortRef port, String message)
      implements Finding {
    @Override
    public String subject() {
      return pod + " " + container;
    }
  }

  /**
   * About the pods of a job.
   *
   * @param pods those that do not fit
   */
  record OfGroup(Kind kind, String namespace, String group, List<PodName> pods, String message)
      implements Finding {
    public OfGroup {
      pods = List.copyOf(pods);
    }

    @Override
    public String subject() {
      return "group " + namespace + "/" + group;
    }
  }

  /** One address at several ports of a pool. */
  record DuplicateOfPorts(String pool, Gid gid, List<PortRef> ports) implements Finding {
    public DuplicateOfPorts {
      ports = List.copyOf(ports);
    }

    @Override
    public Kind kind() {
      return Kind.DUPLICATE_PORT_ADDRESS;
    }

    @Override
    public String subject() {
      return "pool " + pool;
    }

    @Override
    public String message() {
      return gid.address()
          + " is at "
          + Conditions.list(ports.stream().map(PortRef::toString).toList());
    }
  }

  /** One address in several pods of a pool. */
  record DuplicateOfPods(String pool, Gid gid, List<PodName> pods) implements Finding {
    public DuplicateOfPods {
      pods = List.copyOf(pods);
    }

    @Override
    public Kind kind() {
      return Kind.DUPLICATE_POD_ADDRESS;
    }

    @Override
    public String subject() {
      return "pool " + pool;
    }

    @Override
    public String message() {
      return gid.address()
          + " is in "
          + Conditions.list(pods.stream().map(PodName::toString).toList());
    }
  }

  /** About an object that is not understood. */
  record OfObject(Unreadable object) implements Finding {
    @Override
    public Kind kind() {
      return Kind.NOT_UNDERSTOOD;
    }

    @Override
    public String subject() {
      return object.kind()
          + " "
          + (object.namespace().isEmpty() ? "" : object.namespace() + "/")
          + object.name();
    }

    @Override
    public String message() {
      return object.problems().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
  }
}
