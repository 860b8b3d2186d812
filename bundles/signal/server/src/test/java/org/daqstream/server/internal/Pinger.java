/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.protocol.FrameHeader;

/**
 * A client that pings all the time and must get its own pongs and nothing else; {@link #close}
 * fails if it got anything of somebody else's.
 */
public final class Pinger implements AutoCloseable {
  private final Peer peer;
  private final Thread thread = new Thread(this::run, "pinger");
  private final Random random = new Random();
  private volatile boolean closing;
  private volatile Throwable failure;
  private final AtomicInteger pongs = new AtomicInteger();

  public Pinger(int port) throws Exception {
    peer = Peer.connect(port);
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        byte[] payload = new byte[1 + random.nextInt(125)];
        random.nextBytes(payload);
        peer.send(0x80 | FrameHeader.PING, payload, random.nextBoolean());
        expectPong(payload);
        pongs.incrementAndGet();
      }
    } catch (Exception | AssertionError e) {
      failure = e;
    }
  }

  private void expectPong(byte[] payload) throws IOException {
    Peer.Frame frame = peer.readFrame();
    assertEquals("opcode", FrameHeader.PONG, frame.opcode());
    assertEquals(ByteBuffer.wrap(payload), frame.payload());
  }

  /** Fails if it does not get further pongs. */
  void expectGoesOn() {
    int now = pongs.get();
    Await.until("a pong of its own", () -> failure != null || pongs.get() > now + 1);
    if (failure != null) {
      throw new AssertionError("a client that pings got something of others", failure);
    }
  }

  @Override
  public void close() throws IOException {
    expectGoesOn();
    closing = true;
    Await.until("the last pong", () -> !thread.isAlive());
    peer.close();
  }
}
