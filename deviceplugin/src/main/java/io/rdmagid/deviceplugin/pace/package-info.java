/** When things may happen: pure, with time and chance given by whoever asks. */
@NullMarked
package io.rdmagid.deviceplugin.pace;

import org.jspecify.annotations.NullMarked;
