/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's TLS with two changes. The steps of the handshake are done where they are bounded. And
 * once the connection is a client's, what the socket does not take of a record is kept here: Jetty
 * would have its selector write it as soon as somebody waits for input, while the fan-out thread,
 * which alone writes then, writes the same bytes.
 */
final class TlsConnection extends SslConnection {
  /** Besides a record only answers of TLS itself are kept, for peers that ask and do not read. */
  private static final int KEPT_LIMIT_BYTES = 64 * 1024;

  private static final ByteBuffer NOTHING = BufferUtil.EMPTY_BUFFER;

  private final Executor handshakes;
  private volatile boolean established;
  private volatile boolean isClient;
  private volatile String objection = "";

  /** Guards what is kept; taken last, and not held while calling out but to write. */
  private final Object keeping = new Object();

  private ByteBuffer kept = NOTHING; // encrypted, ready to be written

  TlsConnection(
      ByteBufferPool pool,
      Executor executor,
      SslContextFactory factory,
      EndPoint endPoint,
      SSLEngine engine,
      Executor handshakes) {
    super(pool, executor, factory, endPoint, engine, true, false);
    this.handshakes = handshakes;
    setRenegotiationAllowed(false);
  }

  /** The handshake is over. */
  void established() {
    established = true;
  }

  /** What a connection cannot stay for, in a sentence for its client; empty for nothing. */
  static Supplier<String> objections(EndPoint endPoint) {
    return endPoint instanceof SslEndPoint ssl
            && ssl.getSslConnection() instanceof TlsConnection tls
        ? () -> tls.objection
        : () -> "";
  }

  /** It cannot stay: a client is told why by those who look after clients, others just end. */
  void object(String why) {
    objection = why;
    if (!isClient) {
      getEndPoint().close();
    }
  }

  @Override
  protected Executor getExecutor() {
    return established ? super.getExecutor() : handshakes;
  }

  @Override
  public void onFillable() {
    if (established) {
      super.onFillable();
    } else {
      handshakes.execute(super::onFillable);
    }
  }

  /** One that computes handshakes, and nothing else. */
  static final class HandshakeThread extends Thread {
    HandshakeThread(Runnable work) {
      super(work, "daqstream-handshake");
      setDaemon(true);
    }
  }

  @Override
  protected SslEndPoint newSslEndPoint() {
    return new Decrypted();
  }

  @Override
  protected boolean networkFlush(ByteBuffer output) throws IOException {
    if (!isClient) {
      return super.networkFlush(output);
    }
    synchronized (keeping) {
      if (writeKept() && super.networkFlush(output)) {
        return true;
      }
      keep(output);
      return false;
    }
  }

  /** Whether nothing is kept any more. */
  private boolean writeKept() throws IOException {
    if (kept.hasRemaining() && super.networkFlush(kept)) {
      kept = NOTHING;
    }
    return !kept.hasRemaining();
  }

  private void keep(ByteBuffer output) throws IOException {
    int bytes = kept.remaining() + output.remaining();
    if (bytes > KEPT_LIMIT_BYTES) {
      throw new IOException("asks for answers of TLS and does not read them");
    }
    kept = ByteBuffer.allocate(bytes).put(kept).put(output).flip();
  }

  /** What others see of the connection, without TLS. */
  private final class Decrypted extends SslEndPoint {
    private final RequestHead head = new RequestHead();

    /**
     * On a thread of handshakes nothing comes out, so that Jetty asks again and goes on in its own.
     */
    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      if (Thread.currentThread() instanceof HandshakeThread) {
        return super.fill(NOTHING);
      }
      return head.read(buffer, super.fill(buffer));
    }

    @Override
    public void upgrade(Connection newConnection) {
      head.end();
      isClient = true;
      super.upgrade(newConnection);
    }

    /** Whether the system has all, also of what was taken before. */
    @Override
    public boolean flush(ByteBuffer... decrypted) throws IOException {
      if (isClient) {
        boolean isEmpty = BufferUtil.isEmpty(decrypted);
        boolean isCalm = getSSLEngine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
        synchronized (keeping) {
          boolean hasAll = writeKept();
          if (isEmpty ? isCalm : !hasAll) {
            return hasAll;
          }
        }
      }
      return super.flush(decrypted);
    }
  }
}
