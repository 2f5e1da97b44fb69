package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.AttributeFiles.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributeFilesTest {
  private final FileDescriptors descriptors = new FileDescriptors();
  private final AttributeFiles files = new AttributeFiles(descriptors);
  @TempDir Path folder;

  @AfterEach
  void close() {
    descriptors.close();
  }

  private void assertReads(String content, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("ä"), content);

    assertThat(files.read(file)).isEqualTo(new Attribute.Text(text));
  }

  @Test
  void theTextIsReadWithoutTheWhiteSpaceAroundIt() throws IOException {
    assertReads("RoCE v2\n", "RoCE v2");
    assertReads("", "");
    assertReads("x".repeat(4096), "x".repeat(4096));
  }

  @Test
  void nothingStaysOpen() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    int first = descriptors.open(file.toString());
    descriptors.close(first);

    var _ = files.read(file);
    var _ = files.read(Path.of("/sys/class/net/lo/speed"));

    assertThat(descriptors.open(file.toString())).isEqualTo(first);
    descriptors.close(first);
  }

  /** Of the kernel itself: an attribute without a value, one that is for writing only, none. */
  @ParameterizedTest
  @CsvSource({
    "/sys/class/net/lo/speed, EINVAL",
    "/sys/bus/platform/drivers_probe, EACCES",
    "/sys/class/net/lo/none, ENOENT"
  })
  void anAttributeThatCannotBeReadSaysWhy(Path file, Errno errno) {
    assertThat(files.read(file)).isEqualTo(new Attribute.Unreadable(errno.code()));
  }
}
