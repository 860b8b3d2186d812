/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.Test;

/**
 * In both directions, at the same time; that the default is ten seconds, NngParametersTest says.
 */
public class SilentPeerTest {

  private static final long HANDSHAKE_MS = 500;

  @Test
  public void aSilentPeerIsLeftWhenItsTimeIsUp() throws Exception { // cases 79, 85
    NngTransport transport = new NngTransport();
    RecordingSink sink = new RecordingSink();
    Object[] timeout = {"handshakeTimeoutMs", HANDSHAKE_MS};
    TransportInput input =
        transport.openInput("i", Nng.in(Nng.listen("tcp://127.0.0.1:0", timeout)), sink);
    long connectNanos = System.nanoTime();
    try (Socket silent = new Socket(Nng.loopback(), input.boundPort());
        ServerSocket accepting = Nng.server(0)) {
      CompletableFuture<Long> leftAfterMs =
          CompletableFuture.supplyAsync(() -> leftAfterMs(silent, connectNanos));
      long startNanos = System.nanoTime();
      StreamException refusal =
          assertThrows(
              StreamException.class,
              () ->
                  transport.openOutput(
                      "i", Nng.out(Nng.dial(Nng.url(accepting.getLocalPort()), timeout)), sink));
      assertInTime(Await.sinceMs(startNanos));
      assertEquals(StreamResult.ERROR, refusal.result());
      assertTrue(
          refusal.getMessage(),
          refusal.getMessage().endsWith("no handshake within " + HANDSHAKE_MS + " ms"));
      assertInTime(leftAfterMs.get(20, TimeUnit.SECONDS));
      Await.until("counted", () -> input.statistics().rejected() == 1);
    } finally {
      transport.deactivate();
    }
  }

  private static long leftAfterMs(Socket silent, long startNanos) {
    try {
      Nng.readHex(silent, 8);
      assertEquals(-1, silent.getInputStream().read());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Await.sinceMs(startNanos);
  }

  private static void assertInTime(long tookMs) {
    assertTrue(tookMs + " ms", tookMs >= HANDSHAKE_MS - 20);
    assertTrue(tookMs + " ms", tookMs <= HANDSHAKE_MS + 1000); // a busy machine may be late
  }
}
