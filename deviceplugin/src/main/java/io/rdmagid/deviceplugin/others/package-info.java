/**
 * Other device plugins: which ports of our pools they hand out, too, as CDI specs and the
 * containers of the runtime show it.
 */
@NullMarked
package io.rdmagid.deviceplugin.others;

import org.jspecify.annotations.NullMarked;
