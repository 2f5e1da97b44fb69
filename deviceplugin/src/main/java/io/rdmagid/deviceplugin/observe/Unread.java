package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.util.List;
import java.util.stream.IntStream;

/** What is told of a device that a call was refused on. */
final class Unread {
  private Unread() {}

  /**
   * Where nothing but somebody's doing will make it readable, what it is and which ports it has
   * goes with it; else what was read before stands.
   */
  static UnreadDevice of(Verbs verbs, Verbs.DeviceNode node, Reply.Refused<?> refused) {
    return switch (refused.cause()) {
      case REFUSED, OTHER_NAMESPACE ->
          new UnreadDevice(
              node.name(), refused.cause(), refused.why(), DeviceAttributes.UNKNOWN, List.of());
      case NO_PROVIDER -> {
        OpenDevice.Description description = verbs.describeClosed(node);
        yield new UnreadDevice(
            node.name(),
            refused.cause(),
            refused.why(),
            description.attributes(),
            IntStream.rangeClosed(1, description.ports()).boxed().toList());
      }
    };
  }
}
