package io.rdmagid.terminal;

import io.rdmagid.gid.Gid;
import picocli.CommandLine;

/** Reads what people write: an IP address, or a GID. */
public final class Address implements CommandLine.ITypeConverter<Gid> {
  @Override
  public Gid convert(String text) {
    try {
      return Gid.ofAddress(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException("'" + text + "' is no IP address");
    }
  }
}
