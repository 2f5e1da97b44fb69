package io.rdmagid.deviceplugin.nri;

import java.io.IOException;

/** The runtime sent what NRI does not allow, or refused us: the connection cannot go on. */
final class NriProtocolException extends IOException {
  NriProtocolException(String message) {
    super(message);
  }

  NriProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
