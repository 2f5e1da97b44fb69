package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the kernel that the test runs on, which other tests may change beside. */
class LinkEventsTest {
  private static final int GUARD_MILLIS = 20_000;

  private final PodNamespace pod = new PodNamespace();

  @AfterEach
  void remove() {
    pod.close();
  }

  @Test
  void aChangeOfALinkOrOfItsAddressesIsToldOf() throws IOException {
    int lower = ifindex(pod.lower());
    int peer = ifindex(pod.peer());
    try (FileDescriptors descriptors = new FileDescriptors();
        LinkEvents events = new LinkEvents(descriptors)) {
      PodNamespace.ip("link set " + pod.lower() + " mtu 1400");
      assertThat(next(descriptors, events).ifindexes()).contains(lower);

      PodNamespace.ip("addr add 10.99.1.1/32 dev " + pod.peer());
      assertThat(next(descriptors, events).ifindexes()).contains(peer);

      PodNamespace.ip("addr add fd99:1::1/128 dev " + pod.lower() + " nodad");
      assertThat(next(descriptors, events).ifindexes()).contains(lower);

      PodNamespace.ip("addr del 10.99.1.1/32 dev " + pod.peer());
      LinkEvents.Changes last = next(descriptors, events);
      assertThat(last.ifindexes()).contains(peer);
      assertThat(last.lost()).isFalse();
    }
  }

  /** Then the next change is told of again: what was lost ends with the queue. */
  @Test
  void moreThanThereIsRoomForIsLostFactTest() throws IOException {
    try (FileDescriptors descriptors = new FileDescriptors();
        LinkEvents events = new LinkEvents(descriptors)) {
      PodNamespace.batch(
          "addr add 10.99.1.1/32 dev %1$s\naddr del 10.99.1.1/32 dev %1$s\n"
              .formatted(pod.lower())
              .repeat(2_000));
      assertThat(events.drain().lost()).isTrue();
      assertThat(events.drain().lost()).isFalse();

      PodNamespace.ip("link set " + pod.peer() + " mtu 1400");
      LinkEvents.Changes changes = next(descriptors, events);
      assertThat(changes.ifindexes()).contains(ifindex(pod.peer()));
      assertThat(changes.lost()).isFalse();
    }
  }

  @Test
  void whatAnotherProcessSendsDoesNotCount() throws IOException {
    try (FileDescriptors descriptors = new FileDescriptors();
        LinkEvents events = new LinkEvents(descriptors)) {
      Forger.linkChanged(descriptors, 424_242);
      PodNamespace.ip("link set " + pod.peer() + " mtu 1400");

      assertThat(events.drain().ifindexes()).contains(ifindex(pod.peer())).doesNotContain(424_242);
    }
  }

  private static LinkEvents.Changes next(FileDescriptors descriptors, LinkEvents events) {
    assertThat(descriptors.poll(List.of(events.descriptor()), GUARD_MILLIS)).isNotEmpty();
    return events.drain();
  }

  private static int ifindex(String link) throws IOException {
    return Integer.parseInt(Files.readString(Path.of("/sys/class/net", link, "ifindex")).strip());
  }
}
