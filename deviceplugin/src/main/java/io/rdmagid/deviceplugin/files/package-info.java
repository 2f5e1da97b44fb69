/**
 * What the agent keeps under /var/lib/rdmagid: the folders that containers see, and its own records
 * of them.
 */
@NullMarked
package io.rdmagid.deviceplugin.files;

import org.jspecify.annotations.NullMarked;
