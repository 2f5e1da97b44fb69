package io.rdmagid.kubectl.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Objects;

/** Why the cluster did not answer, in one sentence that says what to do. */
public final class Refusal {
  private Refusal() {}

  /**
   * The sentence, without a full stop.
   *
   * @param server the API server's address
   */
  public static String text(KubernetesClientException refusal, String server) {
    return switch (refusal.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the API server "
              + server
              + " does not know you (401): log in again, or name another user's --context";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "you may not read that: " + said(refusal) + ": ask for the role of docs/kubectl.md";
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "the cluster "
              + server
              + " does not have rdmagid's CRDs (404): install its chart, or name another --context";
      case 0 ->
          "the API server "
              + server
              + " cannot be reached ("
              + cause(refusal)
              + "): check --kubeconfig, --context, and the network";
      default -> "the API server " + server + " refuses (" + said(refusal) + "): try again";
    };
  }

  private static String said(KubernetesClientException refusal) {
    return refusal.getStatus() == null || refusal.getStatus().getMessage() == null
        ? "HTTP " + refusal.getCode()
        : refusal.getStatus().getMessage();
  }

  /** The innermost cause: the client wraps it, and a connection that is refused has no message. */
  private static String cause(Throwable refusal) {
    Throwable cause = refusal;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case UnknownHostException e -> "no such host: " + e.getMessage();
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException e -> Objects.requireNonNullElse(e.getMessage(), "connection refused");
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }
}
