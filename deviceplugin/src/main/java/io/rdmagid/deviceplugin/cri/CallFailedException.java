package io.rdmagid.deviceplugin.cri;

import io.grpc.Status;

/** The runtime or the kubelet does not answer, or not with what was asked for. */
final class CallFailedException extends Exception {
  private final Status.Code code;

  /**
   * Says who did not answer.
   *
   * @param message a sentence without a full stop
   */
  CallFailedException(String message, Status.Code code, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What gRPC has for it. */
  Status.Code code() {
    return code;
  }
}
