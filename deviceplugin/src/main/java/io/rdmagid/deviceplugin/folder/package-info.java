/** Folders that other programs change, as the kernel tells of them. */
@NullMarked
package io.rdmagid.deviceplugin.folder;

import org.jspecify.annotations.NullMarked;
