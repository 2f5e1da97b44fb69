package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.MessageLite;
import io.rdmagid.proto.nri.RegisterPluginRequest;
import io.rdmagid.proto.nri.SynchronizeRequest;
import io.rdmagid.proto.ttrpc.Request;
import io.rdmagid.proto.ttrpc.Response;
import io.rdmagid.proto.ttrpc.Status;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The runtime's side of NRI, for what a real one cannot be brought to do. Blocks; for one thread.
 */
public final class FakeRuntime implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;

  /** Listens. */
  public FakeRuntime(Path socket) throws IOException {
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  /** Waits for a plugin. */
  public Peer accept() throws IOException {
    return new Peer(server.accept());
  }

  /** Takes the socket away, as a runtime that ends does not: it leaves the file. */
  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }

  /** One plugin's connection. */
  public static final class Peer implements AutoCloseable {
    private final SocketChannel channel;
    private final DataInputStream in;
    private int nextStream = 1;

    Peer(SocketChannel channel) {
      this.channel = channel;
      in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** The plugin's registration, unanswered. */
    RegisterPluginRequest registration() throws IOException {
      Request request = Request.parseFrom(read(2, 1, 1));
      if (!request.getService().equals("nri.pkg.api.v1alpha1.Runtime")
          || !request.getMethod().equals("RegisterPlugin")) {
        throw new AssertionError(request);
      }
      return RegisterPluginRequest.parseFrom(request.getPayload());
    }

    void acceptRegistration() throws IOException {
      raw(Wire.frame(2, Wire.message(1, 2, new byte[0])));
    }

    void refuseRegistration(int code, String message) throws IOException {
      Status.Builder status = Status.newBuilder().setCode(code).setMessage(message);
      Response response = Response.newBuilder().setStatus(status).build();
      raw(Wire.frame(2, Wire.message(1, 2, response.toByteArray())));
    }

    /** From the connection to the end of an empty Synchronize. */
    public Peer synchronizeEmpty() throws IOException {
      registration();
      acceptRegistration();
      call("Synchronize", SynchronizeRequest.getDefaultInstance());
      return this;
    }

    /** Calls and waits for the answer. */
    public Response call(String method, MessageLite payload) throws IOException {
      return answer(send(method, payload));
    }

    /** Calls, in one frame; returns the stream. */
    int send(String method, MessageLite payload) throws IOException {
      int stream = nextStream;
      nextStream += 2;
      raw(Wire.call(stream, method, payload));
      return stream;
    }

    /** Waits for the answer, the next thing that the plugin says. */
    Response answer(int stream) throws IOException {
      return Response.parseFrom(read(1, stream, 2));
    }

    void raw(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        int _ = channel.write(buffer);
      }
    }

    /** Waits until the plugin closes; it must say nothing before. */
    void awaitEnd() throws IOException {
      int read = in.read();
      if (read >= 0) {
        throw new AssertionError("the plugin says " + read);
      }
    }

    private byte[] read(int connection, int stream, int type) throws IOException {
      byte[] message = frame(connection);
      DataInputStream header = new DataInputStream(new ByteArrayInputStream(message));
      int length = header.readInt();
      if (header.readInt() != stream || header.readByte() != type || header.readByte() != 0) {
        throw new AssertionError("no message of stream " + stream + " and type " + type);
      }
      byte[] data = new byte[length];
      int had = Math.min(length, message.length - 10);
      System.arraycopy(message, 10, data, 0, had);
      while (had < length) {
        byte[] more = frame(connection);
        System.arraycopy(more, 0, data, had, more.length);
        had += more.length;
      }
      return data;
    }

    private byte[] frame(int connection) throws IOException {
      int from = in.readInt();
      int length = in.readInt();
      if (from != connection || length > 4096) {
        throw new AssertionError("a frame of connection " + from + ", " + length + " bytes");
      }
      return in.readNBytes(length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
