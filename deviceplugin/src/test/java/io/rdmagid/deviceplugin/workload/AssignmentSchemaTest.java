package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schema in docs is that of the file that containers read. */
class AssignmentSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final GidEntry ENTRY = World.entry(2, "::ffff:10.1.0.1", 3, "rail0");
  private static final HeldPort PORT = new HeldPort("rxe0", 1);

  private static List<String> problems(JsonNode document) throws IOException {
    ObjectNode schema =
        (ObjectNode) JSON.readTree(Path.of("../docs/assignment.schema.json").toFile());
    // For a reader a field that it does not know is none; for this test it is one without a word.
    schema.put("additionalProperties", false);
    ((ObjectNode) schema.at("/$defs/port")).put("additionalProperties", false);
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    return compiled.validate(document).stream().map(Error::toString).toList();
  }

  private static JsonNode document(PortOutcome... ports) throws IOException {
    Inventory inventory = World.inventory(List.of(World.DEFAULT, ENTRY), List.of());
    ContainerSet set = ContainerSet.of("main", List.of(ports), inventory);
    return JSON.readTree(SetFiles.of(set, World.sandbox("s1"), 3).get(SetFiles.ASSIGNMENT));
  }

  private static PortOutcome chosen(GidEntry entry) {
    return PortOutcome.chosen("rail", 0, PORT, World.terms(GidScope.HOST), GidChoice.of(entry));
  }

  private static PortOutcome without(AssignmentState state) {
    return PortOutcome.without(
        "rail", 0, PORT, World.terms(GidScope.POD), state, Obstacle.NO_ENTRY, "why");
  }

  @Test
  void everySetIsAsTheSchemaSays() throws IOException {
    assertThat(problems(JSON.readTree(SetFiles.pending().get(SetFiles.ASSIGNMENT)))).isEmpty();
    assertThat(problems(document(chosen(ENTRY)))).isEmpty();
    assertThat(problems(document(without(AssignmentState.NONE)))).isEmpty();
    assertThat(problems(document(without(AssignmentState.PENDING)))).isEmpty();
    // An entry that is not in the table: all libraries take another.
    JsonNode elsewhere = document(chosen(World.entry(300, "::ffff:10.9.0.1", 3, "rail0")));
    assertThat(elsewhere.at("/ports/0/elsewhere")).isNotEmpty();
    assertThat(problems(elsewhere)).isEmpty();
  }

  @Test
  void whatIsNoSuchFileIsNotAsTheSchemaSays() throws IOException {
    JsonNode document = document(chosen(ENTRY));
    ((ObjectNode) document.at("/ports/0")).remove("address");
    assertThat(problems(document)).singleElement().asString().contains("address");

    JsonNode another = document(without(AssignmentState.NONE));
    ((ObjectNode) another).put("version", 2);
    ((ObjectNode) another.at("/ports/0")).put("gidIndex", 3).put("colour", "red");
    assertThat(problems(another))
        .anySatisfy(problem -> assertThat(problem).contains("version"))
        .anySatisfy(problem -> assertThat(problem).contains("colour"))
        .anySatisfy(problem -> assertThat(problem).contains("/ports/0"));
  }
}
