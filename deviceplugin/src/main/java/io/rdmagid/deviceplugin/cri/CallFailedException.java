package io.rdmagid.deviceplugin.cri;

import io.grpc.Status;

/** The runtime or the kubelet does not answer, or not with what was asked for. */
final class CallFailedException extends Exception {
  private final String reason;
  private final Status.Code code;

  /**
   * Says who did not answer.
   *
   * @param reason a sentence without a full stop
   */
  CallFailedException(String reason, Status.Code code, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
    this.code = code;
  }

  /** Who did not answer and why, a sentence without a full stop. */
  String reason() {
    return reason;
  }

  /** What gRPC has for it. */
  Status.Code code() {
    return code;
  }
}
