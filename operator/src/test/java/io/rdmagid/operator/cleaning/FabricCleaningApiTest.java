package io.rdmagid.operator.cleaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.operator.FakeServer;
import io.rdmagid.operator.cleaning.CleaningApi.Deleted;
import io.rdmagid.operator.cleaning.CleaningApi.PodState;
import io.rdmagid.operator.cleaning.CleaningApi.Version;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FabricCleaningApiTest {
  private static final Version VERSION = new Version("port-a", "17");

  private final Map<String, String> objects = new HashMap<>();
  private int deletion = HttpURLConnection.HTTP_OK;
  private final FakeServer server =
      new FakeServer((request, exchange) -> {
        String object = objects.get(request.path());
        if (request.method().equals("DELETE") && deletion != HttpURLConnection.HTTP_OK) {
          FakeServer.refuse(exchange, deletion);
        } else if (request.method().equals("DELETE")) {
          FakeServer.send(
              exchange,
              deletion,
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
        } else if (object == null) {
          FakeServer.refuse(exchange, HttpURLConnection.HTTP_NOT_FOUND);
        } else {
          FakeServer.send(exchange, HttpURLConnection.HTTP_OK, object);
        }
      });
  private final FabricCleaningApi api = new FabricCleaningApi(server.client());

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void deletesWhatHasThatResourceVersion() {
    assertThat(api.deleteGid(VERSION)).isEqualTo(Deleted.DONE);
    assertThat(api.deleteAssignment("team", VERSION)).isEqualTo(Deleted.DONE);

    assertThat(server.requests)
        .extracting(FakeServer.Request::path)
        .containsExactly(
            "/apis/rdmagid.io/v1alpha1/rdmagids/port-a",
            "/apis/rdmagid.io/v1alpha1/namespaces/team/rdmagidassignments/port-a");
    assertThat(server.requests)
        .extracting(request -> Serialization.unmarshal(request.body(), Map.class))
        .allSatisfy(options ->
            assertThat(options.get("preconditions")).isEqualTo(Map.of("resourceVersion", "17")));
  }

  @Test
  void whatChangedOrWentIsLeft() {
    deletion = HttpURLConnection.HTTP_CONFLICT;
    assertThat(api.deleteGid(VERSION)).isEqualTo(Deleted.CHANGED);
    deletion = HttpURLConnection.HTTP_NOT_FOUND;
    assertThat(api.deleteGid(VERSION)).isEqualTo(Deleted.CHANGED);
  }

  @Test
  void aRefusalIsNoAnswer() {
    deletion = HttpURLConnection.HTTP_FORBIDDEN;
    assertThatThrownBy(() -> api.deleteGid(VERSION)).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void readsWhatIsThere() {
    objects.put("/api/v1/nodes/node-a", "{\"kind\":\"Node\",\"metadata\":{\"uid\":\"uid-n\"}}");
    objects.put(
        "/api/v1/namespaces/team/pods/train-0",
        """
        {"kind":"Pod","metadata":{"uid":"uid-p"},"status":{"phase":"Succeeded"}}
        """);
    objects.put(
        "/apis/rdmagid.io/v1alpha1/rdmagids/port-a",
        """
        {"kind":"RdmaGid","metadata":{"name":"port-a","uid":"uid-a","resourceVersion":"17",
          "ownerReferences":[{"kind":"Node","uid":"uid-n"},{"kind":"ConfigMap","uid":"uid-c"}]},
          "spec":{"nodeName":"node-a","device":"mlx5_0","port":1}}
        """);
    objects.put(
        "/apis/rdmagid.io/v1alpha1/namespaces/team/rdmagidassignments/train-0",
        """
        {"kind":"RdmaGidAssignment",
          "metadata":{"namespace":"team","name":"train-0","uid":"uid-r","resourceVersion":"3"},
          "spec":{"nodeName":"node-a","podUID":"uid-p"}}
        """);

    assertThat(api.nodeUid("node-a")).contains("uid-n");
    assertThat(api.pod("team", "train-0")).contains(new PodState("uid-p", true));
    assertThat(api.gid("port-a"))
        .contains(new CleaningApi.OwnedGid(VERSION, "node-a", Set.of("uid-n")));
    assertThat(api.assignment("team", "train-0"))
        .contains(
            new CleaningApi.FoundRecord(
                new Version("train-0", "3"),
                new PodRecord("team", "train-0", "uid-p", "node-a", false)));
  }

  @Test
  void whatIsNotThereIsEmpty() {
    assertThat(api.nodeUid("node-a")).isEmpty();
    assertThat(api.pod("team", "train-0")).isEmpty();
    assertThat(api.gid("port-a")).isEmpty();
    assertThat(api.assignment("team", "train-0")).isEmpty();
  }
}
