package io.rdmagid.kubectl.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why the cluster did not answer, in one sentence that says what to do. */
public final class Refusal {
  private Refusal() {}

  /**
   * The sentence, without a full stop.
   *
   * @param server the API server's address
   */
  public static String text(KubernetesClientException refusal, String server) {
    if (refusal.getCode() <= 0) { // no answer of the server's, but an error on the way
      return "the API server "
          + server
          + " cannot be reached ("
          + cause(refusal)
          + "): check --kubeconfig, --context, and the network";
    }
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
      default -> "the API server " + server + " refuses (" + said(refusal) + "): try again";
    };
  }

  private static String said(KubernetesClientException refusal) {
    return refusal.getStatus() == null || refusal.getStatus().getMessage() == null
        ? "HTTP " + refusal.getCode()
        : refusal.getStatus().getMessage();
  }

  /** The first cause that people know; the client wraps it, and gives some no message. */
  private static String cause(Throwable refusal) {
    Throwable last = refusal;
    String text = "";
    for (@Nullable Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      last = cause;
      switch (cause) {
        case UnknownHostException _, UnresolvedAddressException _ -> text = "no such host";
        case HttpTimeoutException _ -> text = "no answer in time";
        case ConnectException _ -> text = "nobody listens there";
        case SSLException e -> text = "TLS: " + e.getMessage();
        default -> {}
      }
    }
    if (!text.isEmpty()) {
      return text;
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
