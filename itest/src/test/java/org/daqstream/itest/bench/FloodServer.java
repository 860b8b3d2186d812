/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.protocol.Upgrade;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A device with one signal that never drops a client and waits for it, so that the client is what
 * is measured: one connection, frames that were encoded once. What is not WebSocket or a command it
 * does not understand.
 */
final class FloodServer implements FrameReader.Target, AutoCloseable {
  static final String VALUE = "flood";
  private static final String TIME = "flood.time";
  private static final int TIME_SIGNO = 1;
  private static final int VALUE_SIGNO = 2;
  private static final int WRITE_BYTES = 512 * 1024;
  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

  private final ServerSocketChannel listener =
      ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final SignalDescriptor time = SignalDescriptor.linearTime(TIME, 1_000);
  private final SignalDescriptor value =
      SignalDescriptor.value(VALUE, DataTypes.REAL64).range(-10, 10).build();
  private final ByteBuffer frames;
  private final Thread thread;
  private final FrameReader reader = new FrameReader(this);
  private final PacketReader packets = new PacketReader(Limits.DEFAULT, this::packet);
  private final List<CommandRequest> requests = new ArrayList<>(); // that were not carried out
  private SocketChannel client;
  private volatile boolean isFlooding;
  private volatile boolean stopped;

  /** Waits for one client, and sends it so many packets in each message. */
  FloodServer(int payloadBytes, int packetsInMessage) throws IOException {
    int packetBytes = PacketHeader.bytes(payloadBytes) + payloadBytes;
    int messageBytes = packetsInMessage * packetBytes;
    int frameBytes = FrameHeader.bytes(messageBytes) + messageBytes;
    int count = Math.max(1, WRITE_BYTES / frameBytes);
    frames = ByteBuffer.allocateDirect(count * frameBytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count * packetsInMessage; i++) {
      if (i % packetsInMessage == 0) {
        FrameHeader.putBinary(frames, messageBytes);
      }
      PacketHeader.put(frames, VALUE_SIGNO, PacketHeader.DATA, payloadBytes);
      for (int at = 0; at < payloadBytes; at += Double.BYTES) {
        frames.putDouble(0.125 * at);
      }
    }
    frames.flip();
    thread = new Thread(this::serve, "flood");
    thread.start();
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.socket().getLocalPort());
  }

  /** Lets data flow, when the signal is subscribed. */
  void flood() {
    isFlooding = true;
  }

  private void serve() {
    try (SocketChannel accepted = listener.accept()) {
      client = accepted;
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      upgrade();
      say(0, ApiVersion.V1_2_0.toMetadata());
      say(
          0,
          new Init("flood", new CommandInterfaces(List.of(CommandInterface.inBand())))
              .toMetadata());
      say(0, new Available(List.of(TIME, VALUE)).toMetadata());
      client.configureBlocking(false);
      converse();
    } catch (IOException e) {
      if (!stopped && !isFlooding) {
        throw new UncheckedIOException(e);
      } // else the client has what it wanted
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  private void upgrade() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(16 << 10);
    String text;
    do {
      client.read(head);
      text = new String(head.array(), 0, head.position(), StandardCharsets.US_ASCII);
    } while (!text.endsWith("\r\n\r\n"));
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw new IOException("no upgrade: " + text);
    }
    write(
        ByteBuffer.wrap(
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + Upgrade.acceptKey(key.group(1))
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
  }

  /** Between commands, which are rare, as much data as the client takes. */
  private void converse() throws IOException, ProtocolException {
    ByteBuffer input = ByteBuffer.allocate(64 << 10);
    boolean isSubscribed = false;
    ByteBuffer left = frames.duplicate().limit(0);
    while (!stopped) {
      int count = client.read(input);
      if (count < 0) {
        return;
      }
      if (count > 0) {
        reader.read(input.flip());
        input.compact();
        // Answers stand between whole frames.
        write(left);
        isSubscribed = carryOut(isSubscribed);
      }
      if (isSubscribed && isFlooding) {
        if (!left.hasRemaining()) {
          left = frames.duplicate();
        }
        if (client.write(left) == 0) {
          Thread.onSpinWait();
        }
      } else {
        Pause.untilNanos(System.nanoTime() + 1_000_000);
      }
    }
  }

  @Override
  public void message(ByteBuffer part, boolean startsMessage) {
    packets.read(part, startsMessage);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    // A ping has no answer, as with other servers.
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    try {
      Metadata metadata = MetadataCodec.decode(payload, Limits.DEFAULT);
      if (metadata.method().equals(CommandRequest.METHOD)) {
        requests.add(CommandRequest.parse(metadata.params()));
      }
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean carryOut(boolean wasSubscribed) throws IOException {
    boolean isSubscribed = wasSubscribed;
    for (CommandRequest request : requests) {
      boolean subscribes = request.method().endsWith("." + CommandRequest.SUBSCRIBE);
      for (String each : request.signalIds()) {
        answer(each, subscribes);
        isSubscribed = each.equals(VALUE) ? subscribes : isSubscribed;
      }
      List<Boolean> done = new ArrayList<>();
      request.signalIds().forEach(each -> done.add(true));
      say(0, CommandResponse.results(request.id(), done).toMetadata());
    }
    requests.clear();
    return isSubscribed;
  }

  private void answer(String id, boolean subscribes) throws IOException {
    if (!subscribes) {
      say(signo(id), new Unsubscribe(id).toMetadata());
      return;
    }
    if (id.equals(VALUE)) {
      describe(time, Map.of());
    }
    describe(id.equals(VALUE) ? value : time, Map.of("dataType", DataTypes.REAL64));
    if (id.equals(VALUE)) {
      ByteBuffer pair = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
      FrameHeader.putBinary(pair, PacketHeader.SHORT_BYTES + 16);
      PacketHeader.put(pair, TIME_SIGNO, PacketHeader.DATA, 16);
      write(pair.putLong(0).putLong(1_700_000_000_000_000_000L).flip());
    }
  }

  private void describe(SignalDescriptor signal, Map<String, Object> definition)
      throws IOException {
    int signo = signo(signal.signalId());
    say(signo, new Subscribe(signal.signalId()).toMetadata());
    say(
        signo,
        new SignalMessage(
                SignalDocument.of(
                    signal, signo == TIME_SIGNO ? Map.of() : definition, TIME, 0, PeerProfile.FULL))
            .toMetadata());
  }

  private static int signo(String id) {
    return id.equals(TIME) ? TIME_SIGNO : VALUE_SIGNO;
  }

  private void say(int signo, Metadata message) throws IOException {
    byte[] packet = MetadataCodec.packet(signo, message);
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(packet.length) + packet.length);
    FrameHeader.putBinary(frame, packet.length);
    write(frame.put(packet).flip());
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    listener.close();
    Pause.untilEnd(thread);
  }
}
