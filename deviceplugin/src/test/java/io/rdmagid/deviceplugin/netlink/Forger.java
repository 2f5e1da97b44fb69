package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Sends what only the kernel should: whoever has CAP_NET_ADMIN in a namespace can. */
final class Forger {
  private static final MethodHandle SENDTO =
      NativeLibrary.libc()
          .function(
              "sendto",
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final int LINK_GROUP = 1; // RTMGRP_LINK

  private Forger() {}

  /** Tells all who listen to links that this one changed. */
  static void linkChanged(FileDescriptors descriptors, int ifindex) {
    byte[] body = new byte[NetlinkMessages.IFINFOMSG];
    MessageBytes.link(0, ifindex).message(NetlinkMessages.RTM_NEWLINK).body().get(body);
    try (NetlinkSocket socket = NetlinkSocket.open(descriptors, NetlinkSocket.ROUTE);
        CallState calls = new CallState()) {
      int length = Datagram.HEADER + body.length;
      MemorySegment message = calls.arena().allocate(length, 8);
      message.set(JAVA_INT, 0, length);
      message.set(JAVA_SHORT, 4, NetlinkMessages.RTM_NEWLINK);
      MemorySegment.copy(body, 0, message, JAVA_BYTE, Datagram.HEADER, body.length);
      MemorySegment to = calls.arena().allocate(12, 4); // sockaddr_nl
      to.set(JAVA_SHORT, 0, (short) NetlinkSocket.FAMILY);
      to.set(JAVA_INT, 8, LINK_GROUP);
      long sent =
          calls.call(errno ->
              (long)
                  SENDTO.invokeExact(
                      errno, socket.descriptor(), message, (long) length, 0, to, 12));
      assertThat(sent).isEqualTo(length);
    }
  }
}
