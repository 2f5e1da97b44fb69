package io.rdmagid.deviceplugin.netlink;

import java.nio.ByteBuffer;

/**
 * One netlink message.
 *
 * @param type nlmsg_type of its header
 * @param body what follows the header, from 0 to its limit, in the machine's byte order
 */
record Message(short type, ByteBuffer body) {}
