/**
 * The calls of the C library that Java has no API for: poll, eventfd, inotify, reads of a file
 * descriptor, sockets of families that Java does not know, advice about the process's memory.
 * Everything here belongs to the platform thread that made it.
 */
@NullMarked
package io.rdmagid.deviceplugin.posix;

import org.jspecify.annotations.NullMarked;
