package io.rdmagid.deviceplugin.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.proto.gidtable.TableEntry;
import java.util.Set;

/** A row of the query service, as its clients get it. */
public final class MessageShape implements GidRowShape {
  @Override
  public String name() {
    return "gidtable.proto";
  }

  @Override
  public GidEntry through(GidEntry entry) {
    byte[] sent = TableMapping.entry(entry, Set.of(), Set.of()).toByteArray();
    try {
      return TableMapping.entry(TableEntry.parseFrom(sent));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
