package io.rdmagid.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;

/** The version of a command, from what Maven writes into the jar. */
public abstract class JarVersion implements CommandLine.IVersionProvider {
  private final String command;
  private final String artifact;

  /**
   * Names whose version it is.
   *
   * @param command what people call it
   * @param artifact the Maven artifact of group {@code io.rdmagid} that it is in
   */
  protected JarVersion(String command, String artifact) {
    this.command = command;
    this.artifact = artifact;
  }

  @Override
  public String[] getVersion() throws IOException {
    String resource = "/META-INF/maven/io.rdmagid/" + artifact + "/pom.properties";
    try (InputStream properties = JarVersion.class.getResourceAsStream(resource)) {
      if (properties == null) {
        return new String[] {command + " (not run from its jar: version unknown)"};
      }
      Properties pom = new Properties();
      pom.load(properties);
      return new String[] {command + " " + pom.getProperty("version", "of unknown version")};
    }
  }
}
