package io.rdmagid.operator.server;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** Tells what the server will not do from what it cannot do now. Pure. */
public final class Refusal {
  /** The server has too much to do; of an eviction also, that a disruption budget has no more. */
  public static final int TOO_MANY_REQUESTS = 429;

  private Refusal() {}

  /**
   * Whether an answer is about what was asked for, and no trouble of the server's: asked again soon
   * it is the same, and what else there is to do is not to wait for it. A webhook that fails is
   * one, for all that the server answers 500, which it does in trouble of its own, too; 401 is
   * none, as tokens are renewed, nor 408, nor is that there was no answer.
   */
  public static boolean isOne(KubernetesClientException answer) {
    int code = answer.getCode();
    return code == HttpURLConnection.HTTP_INTERNAL_ERROR
        ? isOfWebhook(answer.getStatus())
        : code >= HttpURLConnection.HTTP_BAD_REQUEST
            && code < HttpURLConnection.HTTP_INTERNAL_ERROR
            && code != HttpURLConnection.HTTP_UNAUTHORIZED
            && code != HttpURLConnection.HTTP_CLIENT_TIMEOUT
            && code != TOO_MANY_REQUESTS;
  }

  /** Kubernetes, apiserver/pkg/admission/plugin/webhook: ErrCallingWebhook. */
  private static boolean isOfWebhook(@Nullable Status status) {
    return status != null
        && "InternalError".equals(status.getReason())
        && status.getMessage() != null
        && status.getMessage().contains("failed calling webhook");
  }
}
