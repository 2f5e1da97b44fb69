package io.rdmagid.deviceplugin.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;

/** The version, from what Maven writes into the jar. */
final class Version implements CommandLine.IVersionProvider {
  private static final String RESOURCE =
      "/META-INF/maven/io.rdmagid/rdmagid-deviceplugin/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    try (InputStream properties = Version.class.getResourceAsStream(RESOURCE)) {
      if (properties == null) {
        return new String[] {"rdmagid (not run from its jar: version unknown)"};
      }
      Properties pom = new Properties();
      pom.load(properties);
      return new String[] {"rdmagid " + pom.getProperty("version", "of unknown version")};
    }
  }
}
