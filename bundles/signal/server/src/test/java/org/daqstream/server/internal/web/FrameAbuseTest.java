/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Farewell;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** WebSocket frames that break RFC 6455 end the connection of their sender with a code. */
public class FrameAbuseTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int LIMIT = 4096;
  private static final int FIN = 0x80;
  private WitnessedServer server;

  @Before
  public void start() throws Exception {
    server = new WitnessedServer("messageBytes", LIMIT, "closeTimeoutMs", 300);
  }

  @After
  public void stop() throws Exception {
    server.close();
  }

  private void expectClosed(int code, int firstByte, int payloadBytes) throws Exception {
    long before = server.statistics().count(ServerEvent.PROTOCOL_VIOLATION);
    for (boolean masked : new boolean[] {true, false}) {
      try (Peer peer = server.offender()) {
        peer.send(firstByte, new byte[payloadBytes], masked);
        assertEquals("first byte " + firstByte, code, Dialogue.closeCode(peer));
      }
    }
    Await.until(
        "counted", () -> server.statistics().count(ServerEvent.PROTOCOL_VIOLATION) == before + 2);
  }

  @Test
  public void reservedBitsCloseWith1002() throws Exception { // case 21
    for (int bit : new int[] {0x40, 0x20, 0x10}) {
      expectClosed(1002, FIN | bit | FrameHeader.BINARY, 4);
      expectClosed(1002, FIN | bit | FrameHeader.PING, 4);
    }
  }

  @Test
  public void reservedOpcodesCloseWith1002() throws Exception { // case 21
    for (int opcode : new int[] {3, 7, 11, 15}) {
      expectClosed(1002, FIN | opcode, 4);
    }
  }

  @Test
  public void controlFramesTooLongOrFragmentedCloseWith1002() throws Exception {
    for (int opcode : new int[] {FrameHeader.PING, FrameHeader.PONG, FrameHeader.CLOSE}) {
      expectClosed(1002, FIN | opcode, 126);
      expectClosed(1002, FIN | opcode, 70_000);
      expectClosed(1002, opcode, 2);
    }
  }

  @Test
  public void continuationOutOfPlaceClosesWith1002() throws Exception {
    expectClosed(1002, FIN, 4);
    try (Peer peer = server.offender()) {
      peer.send(FrameHeader.BINARY, new byte[4], true);
      peer.send(FIN | FrameHeader.BINARY, new byte[4], true);
      assertEquals(1002, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void frameLargerThanTheLimitClosesWith1009() throws Exception {
    expectClosed(1009, FIN | FrameHeader.BINARY, LIMIT + 1);
    expectClosed(1009, FIN | FrameHeader.BINARY, 20 * LIMIT);
  }

  @Test
  public void messageOfManyFragmentsLargerThanTheLimitClosesWith1009() throws Exception {
    try (Peer peer = server.offender()) {
      peer.send(FrameHeader.BINARY, new byte[LIMIT / 2], true);
      peer.send(0, new byte[LIMIT / 2], true);
      peer.send(0, new byte[1], true);
      assertEquals(1009, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void absurdLengthsCloseWith1009AtOnce() throws Exception {
    byte[][] lengths = {
      {-1, -1, -1, -1, -1, -1, -1, -1}, {0x7F, -1, -1, -1, -1, -1, -1, -1}, {0, 0, 1, 0, 0, 0, 0, 0}
    };
    for (byte[] length : lengths) {
      try (Peer peer = server.offender()) {
        peer.write(new byte[] {(byte) 0x82, 127});
        peer.write(length);
        assertEquals(1009, Dialogue.closeCode(peer));
      }
    }
  }

  @Test
  public void declaredLengthCostsNoMemoryBeforeItComes() throws Exception {
    try (Peer peer = server.offender()) {
      peer.write(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0x7F, -1, -1, -1, 1});
      Dialogue.subscribe(server.server, peer, WitnessedServer.SIGNAL_ID); // still a client
      peer.write(new byte[LIMIT]);
      assertEquals(1009, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void closeFramesAreAnsweredWithTheirCode() throws Exception {
    for (int code : new int[] {1000, 1001, 1003, 1007, 1011, 3000, 4999}) {
      assertEquals(code, answerToClose((byte) (code >> 8), (byte) code));
      assertEquals(code, answerToClose((byte) (code >> 8), (byte) code, (byte) 'x'));
    }
    assertEquals("without a code", 1005, answerToClose());
  }

  @Test
  public void malformedCloseFramesAreAnsweredWith1002Or1007() throws Exception {
    assertEquals("one byte", 1002, answerToClose((byte) 3));
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535}) {
      assertEquals("code " + code, 1002, answerToClose((byte) (code >> 8), (byte) code));
    }
    assertEquals("UTF-8", 1007, answerToClose((byte) 3, (byte) -24, (byte) 0xC3, (byte) 0x28));
    Await.until("counted", () -> server.statistics().count(ServerEvent.PROTOCOL_VIOLATION) == 11);
  }

  private int answerToClose(byte... payload) throws Exception {
    try (Peer peer = server.offender()) {
      peer.send(FIN | FrameHeader.CLOSE, payload, true);
      Peer.Frame answer = peer.readFrame();
      assertEquals(FrameHeader.CLOSE, answer.opcode());
      assertEquals("nothing behind the close frame", "", peer.readToEnd());
      return answer.closeCode();
    }
  }

  @Test
  public void nothingIsReadBehindAClose() throws Exception {
    try (Peer peer = server.offender()) {
      byte[] close = {(byte) 0x88, 2, 3, (byte) 0xE8, (byte) 0xFF, (byte) 0xFF};
      peer.write(close);
      assertEquals(1000, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void peerThatNeverAnswersOurCloseIsCutOff() throws Exception {
    try (Peer peer = server.offender()) {
      FanOut fanOut = server.server.fanOut();
      fanOut.submit(
          () ->
              fanOut
                  .clients()
                  .find(peer.sessionId)
                  .close(new Farewell(1001, "going"), System.nanoTime() + 100_000_000L));
      Peer.Frame close = peer.readFrame();
      assertEquals(1001, close.closeCode());
      assertEquals("", peer.readToEnd());
    }
  }

  @Test
  public void textMessagesAreIgnoredAndCounted() throws Exception { // case 18
    try (Peer peer = server.offender()) {
      peer.send(FIN | FrameHeader.TEXT, "hello".getBytes(StandardCharsets.UTF_8), true);
      peer.send(FIN | FrameHeader.TEXT, new byte[] {(byte) 0xC3, 0x28, -1, -2}, false);
      peer.send(FrameHeader.TEXT, new byte[2 * LIMIT], true);
      peer.send(FIN, new byte[] {-1}, true);
      Dialogue.expectNothing(peer);
      assertEquals(3, server.statistics().count(ServerEvent.MALFORMED));
    }
  }
}
