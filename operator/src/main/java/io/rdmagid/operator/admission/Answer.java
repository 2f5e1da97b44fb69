package io.rdmagid.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/**
 * What is answered to a request, which is always allowed.
 *
 * @param patch a JSON patch (RFC 6902); empty where the object stays as it is
 * @param warnings lines that kubectl prints, within the API server's bounds
 */
record Answer(ArrayNode patch, List<String> warnings) {
  Answer {
    warnings = List.copyOf(warnings);
  }
}
