package io.rdmagid.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.operator.admission.Review.Invalid;
import io.rdmagid.operator.admission.Review.Valid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewTest {
  static final String FORGED =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "later": 1, "request": {
        "uid": "u-1", "kind": {"group": "", "version": "v1", "kind": "Pod"}, "operation": "CREATE",
        "object": {"apiVersion": "v1", "kind": "Pod",
          "metadata": {"name": "a", "annotations": {"rdmagid.io/assignment": "{}"}},
          "spec": {"containers": [{"name": "main"}], "later": {"x": []}}}}}
      """;

  private static Review read(String body) {
    return Review.read(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anAnswerCarriesTheRequestsUidAndThePatch() throws IOException {
    Valid valid = (Valid) read(FORGED);
    var answer =
        new ObjectMapper()
            .readTree(
                Review.write(valid.uid(), PodAdmission.of(valid.subject(), Optional.empty())));

    assertThat(answer.at("/apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(answer.at("/kind").asText()).isEqualTo("AdmissionReview");
    assertThat(answer.at("/response/uid").asText()).isEqualTo("u-1");
    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(answer.at("/response/patchType").asText()).isEqualTo("JSONPatch");
    assertThat(Base64.getDecoder().decode(answer.at("/response/patch").asText()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "[{\"op\":\"remove\",\"path\":\"/metadata/annotations/rdmagid.io~1assignment\"}]");
    assertThat(answer.at("/response/warnings")).hasSize(1);
  }

  @Test
  void withoutAnythingToSayThereIsNoPatch() {
    assertThat(
            Review.write(
                "u",
                PodAdmission.of(
                    ((Valid) read(FORGED.replace("/assignment", "/x"))).subject(),
                    Optional.empty())))
        .contains("\"allowed\":true")
        .doesNotContain("patch", "warnings");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch | Job        | {\"template\": POD}",
        "apps  | Deployment | {\"template\": POD}",
        "batch | CronJob    | {\"jobTemplate\": {\"spec\": {\"template\": POD}}}",
      })
  void templatesAreRead(String group, String kind, String spec) {
    Review review =
        read(
            """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u",
             "kind": {"group": "%s", "version": "v1", "kind": "%s"}, "object": {"spec": %s}}}
            """
                .formatted(
                    group,
                    kind,
                    spec.replace("POD", "{\"spec\": {\"containers\": [{\"name\": \"main\"}]}}")));

    assertThat(review).isInstanceOf(Valid.class);
    assertThat(((Valid) review).subject().pod()).isFalse();
    assertThat(((Valid) review).subject().spec().getContainers()).hasSize(1);
  }

  @Test
  void whatIsNoReviewOfAPodIsRefused() {
    List<String> bodies =
        List.of(
            "",
            "no JSON",
            "[]",
            "{}",
            FORGED.replace("AdmissionReview", "Review"),
            FORGED.replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
            FORGED.replace("u-1", ""),
            FORGED.replace("\"kind\": \"Pod\"}, \"op", "\"kind\": \"Node\"}, \"op"),
            FORGED.replace("\"version\": \"v1\"", "\"version\": \"v2\""),
            FORGED.replace("\"spec\"", "\"status\""),
            FORGED.replace("[{\"name\": \"main\"}]", "7"),
            FORGED.substring(0, 200),
            "[".repeat(5000));

    assertThat(bodies).allSatisfy(body -> assertThat(read(body)).isInstanceOf(Invalid.class));
  }

  @Test
  void whatNothingHasCheckedYetDoesNotThrow() {
    String odd =
        FORGED.replace(
            "[{\"name\": \"main\"}]",
            "[null, {}, {\"env\": [null, {}, {\"name\": \"NCCL_IB_GID_INDEX\", \"value\": null}],"
                + " \"resources\": {\"limits\": {\"rdmagid.io/\": null}}}], \"readinessGates\": [null]");
    Valid valid = (Valid) read(odd);

    assertThat(PodAdmission.of(valid.subject(), Optional.empty()).patch()).hasSize(1);
  }
}
