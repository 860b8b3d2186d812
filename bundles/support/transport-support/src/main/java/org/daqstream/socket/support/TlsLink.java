/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.daqstream.tls.support.ShownChain;
import org.daqstream.tls.support.TlsKeys;

/**
 * Bytes inside TLS. The cryptography of the handshake runs on the calling thread. A record counts
 * as written when its last byte is with the kernel: a peer cannot read less than a record, so after
 * a break nothing is sent twice.
 *
 * <p>Every record that was received whole is decrypted before a read returns, so that waiting for
 * the socket is enough. For that {@link #read} wants {@value #READ_BYTES} bytes of room.
 */
public final class TlsLink implements SocketLink {
  /** After so many a read returns, whatever came: other connections wait for the thread. */
  private static final int MAX_RECEIVES = 64;

  /**
   * In TLS 1.3 the dialler is done before the listener has seen its certificate. A listener that is
   * content usually sends a session ticket at once; so long is waited for that, or for a refusal,
   * so that no data goes to a listener that will not have it.
   */
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final Supplier<TlsKeys> keys;
  private final TlsKeys judgedBy;
  private ShownChain chain; // null before the first look, and when there is none
  private ByteBuffer received = ByteBuffer.allocate(0); // encrypted, to be decrypted
  private ByteBuffer outgoing = ByteBuffer.allocate(0); // encrypted, to be sent
  private ByteBuffer early = NOTHING; // decrypted while it was waited for the listener
  private long wrappedBytes; // of payload in outgoing
  private int receives;
  private boolean established;
  private boolean settled;
  private long establishedNanos;
  private boolean outputShut;

  /** Takes a connection over, connected and non-blocking, with an engine that is set up for it. */
  public TlsLink(SocketChannel socket, SSLEngine engine) {
    this(socket, engine, () -> null);
  }

  /**
   * Before the handshake.
   *
   * @param keys gives what is in use, with those who may vouch for the other side
   */
  TlsLink(SocketChannel socket, SSLEngine engine, Supplier<TlsKeys> keys) {
    this.socket = socket;
    this.engine = engine;
    this.keys = keys;
    judgedBy = keys.get();
  }

  @Override
  public String objection() {
    if (judgedBy == null) {
      return ""; // whose engine it is judges once
    }
    if (chain == null) {
      chain = ShownChain.of(engine.getSession(), judgedBy).orElse(null);
    }
    return chain == null ? "" : chain.objection(keys.get(), Instant.now()).orElse("");
  }

  @Override
  public SocketChannel socket() {
    return socket;
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public boolean isDialogue() {
    return true;
  }

  @Override
  public int interestOps() {
    return outgoing.hasRemaining()
        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
        : SelectionKey.OP_READ;
  }

  @Override
  public boolean inputEnded() {
    return established && engine.isInboundDone();
  }

  @Override
  public String identity() {
    try {
      return engine.getSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) { // an input that asks for no certificate
      return "";
    }
  }

  @Override
  public boolean handshake() throws IOException {
    receives = 0;
    if (!established) {
      established = negotiate();
      if (!established) {
        return false;
      }
      establishedNanos = System.nanoTime();
      settled = !engine.getUseClientMode() || !engine.getSession().getProtocol().equals("TLSv1.3");
    }
    if (!settled) {
      ByteBuffer decrypted = ByteBuffer.allocate(READ_BYTES);
      settled = unwrap(decrypted) || System.nanoTime() - establishedNanos >= SETTLE_NANOS;
      early = decrypted.flip(); // a listener without tickets may begin with data
    }
    return settled;
  }

  /** Does what the engine wants. False: the socket must be waited for. */
  private boolean negotiate() throws IOException {
    while (flush()) {
      HandshakeStatus status = engine.getHandshakeStatus();
      switch (status) {
        case NEED_TASK -> {
          runTasks();
          continue; // a failure comes out of the next step
        }
        case NEED_WRAP -> wrap(new ByteBuffer[] {NOTHING}, 0, 1);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (established) {
            throw new SSLException("renegotiation is not supported");
          }
          if (!unwrap(NOTHING)) {
            return false;
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return true;
        }
      }
      if (engine.isInboundDone() || engine.isOutboundDone()) {
        if (established) {
          return true;
        }
        throw new EOFException("closed by peer during the TLS handshake");
      }
    }
    return false;
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (outputShut) {
      return socket.read(into);
    }
    receives = 0;
    boolean sent = flush();
    assert sent || outgoing.hasRemaining();
    int before = into.position();
    into.put(early);
    boolean more = true;
    while (more && !engine.isInboundDone()) {
      more = unwrap(into) && (isCalm() || negotiate());
    }
    int count = into.position() - before;
    return count == 0 && engine.isInboundDone() ? -1 : count;
  }

  private boolean isCalm() {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  /** Decrypts one record; false when there is none, or no room for it. */
  private boolean unwrap(ByteBuffer into) throws IOException {
    while (true) {
      SSLEngineResult result;
      try {
        result = engine.unwrap(received, into);
      } catch (RuntimeException e) { // whatever a peer sends, it harms itself only
        throw new SSLException("unreadable: " + e, e);
      }
      if (result.getStatus() == Status.BUFFER_OVERFLOW) {
        return false;
      }
      if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
        return result.bytesConsumed() > 0 || needsMore(result);
      }
      boolean room = into.capacity() == 0 || into.remaining() >= READ_BYTES;
      if (!room || receives >= MAX_RECEIVES || !receive()) {
        return false;
      }
    }
  }

  /** The engine has done something without bytes, such as looking at a message it had kept. */
  private static boolean needsMore(SSLEngineResult result) {
    HandshakeStatus status = result.getHandshakeStatus();
    return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.NEED_UNWRAP;
  }

  /** Reads from the socket; false when nothing came. */
  private boolean receive() throws IOException {
    receives++;
    received.compact();
    int count;
    try {
      if (!received.hasRemaining()) {
        received = grown(received.flip(), engine.getSession().getPacketBufferSize());
      }
      count = socket.read(received);
    } finally {
      received.flip();
    }
    if (count < 0) {
      throw new EOFException(
          established ? "cut off: closed by peer without TLS closure" : "closed by peer");
    }
    return count > 0;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    if (!flush()) {
      return 0;
    }
    if (wrappedBytes == 0) {
      if (!negotiate()) {
        return 0;
      }
      wrap(sources, offset, length);
      if (engine.isOutboundDone()) {
        throw new EOFException("closed by peer");
      }
      if (!flush()) {
        return 0;
      }
    }
    long written = wrappedBytes;
    wrappedBytes = 0;
    return written;
  }

  /** Encrypts one record; everything before it was sent. */
  private void wrap(ByteBuffer[] sources, int offset, int length) throws IOException {
    outgoing.clear();
    try {
      SSLEngineResult result = engine.wrap(sources, offset, length, outgoing);
      while (result.getStatus() == Status.BUFFER_OVERFLOW) {
        outgoing = grown(outgoing.flip(), engine.getSession().getPacketBufferSize());
        result = engine.wrap(sources, offset, length, outgoing);
      }
      wrappedBytes += result.bytesConsumed();
    } catch (RuntimeException e) {
      throw new SSLException("TLS: " + e, e);
    } finally {
      outgoing.flip();
    }
  }

  /** Sends what is encrypted; true when all of it has left. */
  private boolean flush() throws IOException {
    if (outgoing.hasRemaining()) {
      socket.write(outgoing);
    }
    return !outgoing.hasRemaining();
  }

  /** A larger buffer with the same bytes, ready for more. */
  private static ByteBuffer grown(ByteBuffer bytes, int sizeBytes) throws SSLException {
    if (bytes.capacity() >= sizeBytes) {
      throw new SSLException("record larger than " + sizeBytes + " bytes");
    }
    return ByteBuffer.allocate(sizeBytes).put(bytes);
  }

  /** Sends an alert: why it failed, or an ordinary end. As far as it goes without waiting. */
  @Override
  public void shutdownOutput() throws IOException {
    if (outputShut) {
      return;
    }
    outputShut = true;
    engine.closeOutbound();
    while (flush() && !engine.isOutboundDone()) {
      wrap(new ByteBuffer[] {NOTHING}, 0, 1);
      if (!outgoing.hasRemaining()) {
        break;
      }
    }
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    try (socket) {
      shutdownOutput();
    } catch (IOException e) {
      assert outputShut; // it is closed without; the cause is known already
    }
  }
}
