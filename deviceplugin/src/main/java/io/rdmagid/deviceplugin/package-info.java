/** The agent's main: reads options, makes the parts and wires them, and nothing else. */
@NullMarked
package io.rdmagid.deviceplugin;

import org.jspecify.annotations.NullMarked;
