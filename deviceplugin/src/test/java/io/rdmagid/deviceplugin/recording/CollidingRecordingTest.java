package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Recordings within the bounds that are made to be slow: whatever is looked up by hash has one
 * hash. They take a second or two; compared each with each it would be minutes.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CollidingRecordingTest {
  private static final int MOST = 65_535;

  @Test
  void namesThatCollideAreComparedInTime() {
    assertThat(name(0).hashCode()).isEqualTo(name(MOST).hashCode());
    Stream<String> links =
        IntStream.range(0, MOST)
            .mapToObj(i -> "{'ifindex': " + (i + 1) + ", 'name': '" + name(i) + "'}");

    assertValid("{'version': 1, 'links': [" + String.join(",", links.toList()) + "]}");
  }

  /** As many as fit into a file; that no text is an index is a problem, and no reason to stop. */
  @Test
  void textsThatCollideInThePlaceOfNumbersAreComparedInTime() {
    String gids =
        String.join(
            ",", IntStream.range(0, MOST).mapToObj(i -> "{'index':'" + name(i) + "'}").toList());
    String ports =
        String.join(
            ",",
            IntStream.rangeClosed(1, 8)
                .mapToObj(i -> "{'port': " + i + ", 'gidTableLength': 1, 'gids': [" + gids + "]}")
                .toList());

    assertThat(parse("{'version': 1, 'devices': [{'name': 'a', 'ports': [" + ports + "]}]}"))
        .isInstanceOfSatisfying(
            RecordingResult.Invalid.class,
            invalid ->
                assertThat(invalid.problems().getFirst())
                    .startsWith("devices[0].ports[0].gids[0].index is not a whole number"));
  }

  @Test
  void variablesThatCollideAreComparedInTime() {
    Stream<String> variables = IntStream.range(0, 4_096).mapToObj(i -> "'" + name(i) + "': ''");

    assertValid("{'version': 1, 'environment': {" + String.join(",", variables.toList()) + "}}");
  }

  @Test
  void addressesThatCollideAreComparedInTime() {
    String addresses =
        String.join(",", IntStream.range(0, MOST).mapToObj(i -> "'" + address(i) + "'").toList());
    String links =
        String.join(
            ",",
            IntStream.rangeClosed(1, 12)
                .mapToObj(i ->
                    "{'ifindex': "
                        + i
                        + ", 'name': 'l"
                        + i
                        + "', 'addresses': ["
                        + addresses
                        + "]}")
                .toList());
    // Each of them is looked for among those of its link, and is not there.
    String entries =
        String.join(
            ",",
            IntStream.range(0, MOST)
                .mapToObj(i ->
                    "{'index': "
                        + i
                        + ", 'gid': '"
                        + address(MOST + i)
                        + "', 'type': 'RoCE v2', 'ifindex': 1}")
                .toList());

    assertValid(
        "{'version': 1, 'links': ["
            + links
            + "], 'devices': [{'name': 'a', 'ports': [{'port': 1, 'gidTableLength': 65535, 'gids': ["
            + entries
            + "]}]}]}");
  }

  private static void assertValid(String json) {
    assertThat(parse(json)).isInstanceOf(RecordingResult.Valid.class);
  }

  private static RecordingResult parse(String json) {
    return RecordingReader.parse(json.replace('\'', '"'));
  }

  /** 32 letters by the bits of a number: Aa and BB have one hash. */
  private static String name(int number) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < 16; bit++) {
      name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }

  /** An address whose last two quarters are equal, so that its hash is that of the first half. */
  private static String address(int number) {
    String quarter =
        Integer.toHexString(1 + number / MOST) + ":" + Integer.toHexString(number % MOST);
    return "fd00::" + quarter + ":" + quarter;
  }
}
