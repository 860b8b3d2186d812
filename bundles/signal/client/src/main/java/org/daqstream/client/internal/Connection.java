/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.daqstream.base.support.ForeignText;
import org.daqstream.client.DeviceAddress;
import org.daqstream.protocol.CloseCode;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Upgrade;

/** One WebSocket connection, from the upgrade to its end. One thread reads; any sends or closes. */
final class Connection implements FrameReader.Target, Sender {
  private static final long FAREWELL_MS = 500;
  private static final int REASON_LIMIT_CHARS = 200;

  /** What is read at once stays in the cache of a core until it is decoded. */
  private static final int READ_BYTES = 256 << 10;

  private static final long BUSY = Long.MIN_VALUE;

  private final ClientSettings settings;
  private final DeviceSocket socket;
  private final Traffic traffic;
  private final RemoteSession session;
  private final PacketReader packets;
  private final FrameReader frames = new FrameReader(this);
  private final Outbox outbox;

  /** Since when the reading thread waits for bytes; {@link #BUSY} while it does not. */
  private volatile long waitingSinceNanos = BUSY;

  private int pings; // by the tasks' thread
  private volatile boolean isUpgraded; // before that the device takes no frames
  private volatile boolean hasPonged;
  private volatile String farewell = "";

  private Connection(
      ClientSettings settings, DeviceSocket socket, SessionEvents events, Traffic traffic) {
    this.settings = settings;
    this.socket = socket;
    this.traffic = traffic;
    session = new RemoteSession(Limits.DEFAULT, events);
    packets = new PacketReader(Limits.DEFAULT, session);
    outbox =
        new Outbox("daqstream-client-out", socket, this::abort, settings.publishedLimitBytes());
  }

  /**
   * Connects a socket.
   *
   * @param opening told, before it waits, what is to be closed to give it up
   * @throws IOException when nobody answers
   */
  static Connection open(
      ClientSettings settings, SessionEvents events, Traffic traffic, Consumer<Closeable> opening)
      throws IOException {
    DeviceSocket socket =
        DeviceSocket.connect(
            settings.address(), settings.tls(), settings.connectTimeoutMs(), opening);
    return new Connection(
        settings,
        settings.wire() == null ? socket : new WiretappedSocket(socket, settings.wire()),
        events,
        traffic);
  }

  /**
   * Upgrades the connection and reads it until it ends. By one thread.
   *
   * @return why it ended, if in good order
   * @throws IOException when it broke
   * @throws ProtocolException when the device sent what is no WebSocket
   */
  String run() throws IOException, ProtocolException {
    try {
      ByteBuffer buffer = socket.newBuffer(settings.receiveBufferBytes());
      upgrade(buffer);
      isUpgraded = true;
      buffer.compact();
      while (farewell.isEmpty()) {
        buffer.flip();
        read(buffer);
        keepRest(buffer);
        if (farewell.isEmpty()) {
          fill(buffer);
        }
      }
      return farewell;
    } catch (ProtocolException e) {
      sendClose(CloseCode.PROTOCOL_ERROR);
      throw e;
    } finally {
      outbox.end(FAREWELL_MS);
      abort();
      count();
    }
  }

  /** Makes room behind what was not taken: nothing moves while a large frame comes in pieces. */
  private static void keepRest(ByteBuffer buffer) {
    if (buffer.position() > 0) {
      buffer.compact();
    } else {
      int end = buffer.limit();
      buffer.limit(buffer.capacity()).position(end);
    }
  }

  private void upgrade(ByteBuffer buffer) throws IOException, ProtocolException {
    String key = Upgrade.newKey(new SplittableRandom());
    socket.write(
        ByteBuffer.wrap(
            Upgrade.request(
                settings.address().toUri(), key, settings.userAgent(), settings.token().token())));
    do {
      fill(buffer);
      buffer.flip();
      if (Upgrade.isAccepted(buffer, key)) {
        return;
      }
      buffer.compact();
    } while (true);
  }

  private void fill(ByteBuffer buffer) throws IOException {
    waitingSinceNanos = System.nanoTime();
    buffer.limit(Math.min(buffer.capacity(), buffer.position() + READ_BYTES));
    int count = socket.read(buffer);
    waitingSinceNanos = BUSY;
    if (count < 0) {
      throw new EOFException("the device closed the connection without a word");
    }
    traffic.receivedBytes.add(count);
  }

  private void read(ByteBuffer buffer) throws ProtocolException {
    try {
      frames.read(buffer);
    } finally {
      session.flush();
    }
    count();
  }

  /** The counters of the readers, for other threads. */
  private void count() {
    traffic.count(frames, packets, session);
  }

  @Override
  public void message(ByteBuffer part, boolean startsMessage) {
    packets.read(part, startsMessage);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    switch (opcode) {
      case FrameHeader.PING -> outbox.control(FrameHeader.PONG, bytes);
      case FrameHeader.PONG -> hasPonged = true;
      default -> {
        outbox.control(
            FrameHeader.CLOSE, bytes.length >= 2 ? Arrays.copyOf(bytes, 2) : new byte[0]);
        farewell = "the device closed the connection" + reason(bytes);
      }
    }
  }

  private static String reason(byte[] close) {
    if (close.length < 2) {
      return "";
    }
    int code = ((close[0] & 0xFF) << 8) | (close[1] & 0xFF);
    String words = new String(close, 2, close.length - 2, StandardCharsets.UTF_8);
    return ": "
        + code
        + (words.isEmpty() ? "" : " " + ForeignText.plain(words, REASON_LIMIT_CHARS));
  }

  @Override
  public boolean send(Metadata message) {
    return outbox.message(MetadataCodec.packet(0, message));
  }

  @Override
  public boolean mayPost() {
    return true;
  }

  /** Where packets go. */
  PacketOutput output() {
    return outbox;
  }

  /** For how long the device has sent nothing; 0 while this side is busy with what it sent. */
  long silenceNanos() {
    long since = waitingSinceNanos;
    return since == BUSY ? 0 : System.nanoTime() - since;
  }

  /** How often the device was pinged. */
  int pings() {
    return pings;
  }

  /** Whether the device has ever answered a ping; many do not. */
  boolean hasPonged() {
    return hasPonged;
  }

  void ping() {
    if (isUpgraded) {
      pings++;
      outbox.control(FrameHeader.PING, new byte[0]);
    }
  }

  /** Says goodbye and closes; {@link #run} returns. */
  void close() {
    sendClose(CloseCode.NORMAL);
    farewell = "closed by this side";
    outbox.end(FAREWELL_MS);
    abort();
  }

  private void sendClose(int code) {
    if (isUpgraded) {
      outbox.control(FrameHeader.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }
  }

  /** Closes without a word; {@link #run} fails. */
  void abort() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** What is wrong, in words; some exceptions have none, or a name only. */
  static String words(IOException e, DeviceAddress address) {
    String name = e.getClass().getSimpleName();
    String text = e.getMessage() == null ? name : e.getMessage();
    if (text.equals("Socket closed")) {
      return "the connection was given up";
    }
    return switch (name) {
      case "UnknownHostException" -> "no host is known by the name " + address.host();
      case "AsynchronousCloseException", "ClosedChannelException" -> "the connection was given up";
      default -> text;
    };
  }
}
