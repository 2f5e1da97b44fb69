package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RecordingWriterTest {
  private static Recording read(String text) {
    return switch (RecordingReader.parse(text)) {
      case RecordingResult.Valid(Recording recording) -> recording;
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  /** The inventory, whose entries tell host and pods apart, links, environment and all. */
  @Property
  void whatIsWrittenIsReadAsAnEqual(@ForAll Random random) {
    Recording recording = RandomRecordings.of(random);

    assertThat(read(RecordingWriter.text(recording))).isEqualTo(recording);
  }

  @Example
  void samplesSurviveIt() {
    for (Path sample : Recordings.samples()) {
      assertThat(RecordingReader.read(sample)).isInstanceOf(RecordingResult.Valid.class);
      Recording recording = ((RecordingResult.Valid) RecordingReader.read(sample)).recording();
      assertThat(read(RecordingWriter.text(recording))).as(sample.toString()).isEqualTo(recording);
    }
  }

  @Example
  void anEntryIsALine() {
    String text =
        """
        {
          "version": 1,
          "hostname": "node-a",
          "devices": [
            {
              "name": "mlx5_0",
              "ports": [
                {
                  "port": 1,
                  "linkLayer": "Ethernet",
                  "state": "ACTIVE",
                  "rateGbps": 2.5,
                  "netdev": "ens1f0",
                  "gidTableLength": 256,
                  "gids": [
                    {"index": 3, "gid": "::ffff:10.0.0.5", "type": "RoCE v2", "netdev": "ens1f0", "ifindex": 4}
                  ]
                }
              ]
            },
            {"name": "mlx5_1", "ports": []}
          ],
          "links": [
            {
              "ifindex": 4,
              "name": "ens1f0",
              "addresses": ["10.0.0.5/24", "fd00::5/64"]
            }
          ],
          "environment": {"NCCL_IB_GID_INDEX": "3"}
        }
        """;

    assertThat(RecordingWriter.text(read(text))).isEqualTo(text);
  }
}
