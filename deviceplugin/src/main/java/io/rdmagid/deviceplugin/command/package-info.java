/** The {@code rdmagid} command, for people and scripts on a node. It never talks to a cluster. */
@NullMarked
package io.rdmagid.deviceplugin.command;

import org.jspecify.annotations.NullMarked;
