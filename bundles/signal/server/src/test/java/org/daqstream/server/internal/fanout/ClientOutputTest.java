/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.Test;

/** The buffer that clients share holds bytes of nobody else, and what waits is bounded. */
public class ClientOutputTest {
  private static final int LIMIT = 1000;

  private final ByteBuffer shared = ByteBuffer.allocate(256);

  /** A socket that takes so many bytes and then no more. */
  private static ByteArrayEndPoint socket(int bytes) {
    return new ByteArrayEndPoint(new byte[0], bytes);
  }

  private static byte[] taken(ByteArrayEndPoint socket) {
    return BufferUtil.toArray(socket.takeOutput());
  }

  @Test
  public void nothingOfABlockedClientReachesTheNextOne() throws Exception {
    ByteArrayEndPoint full = socket(10);
    ClientOutput blocked = new ClientOutput(full, shared, LIMIT);
    assertTrue(blocked.flush());
    // The socket fills up at the very end of a frame: it is blocked, but nothing is pending.
    blocked.writeDirect(ByteBuffer.wrap(new byte[10]));
    ByteBuffer more = ByteBuffer.wrap(new byte[5]);
    blocked.writeDirect(more);
    assertTrue(blocked.isBlocked());
    assertEquals(0, blocked.pendingBytes());
    blocked.putPacket(new byte[] {1, 2, 3});
    assertEquals("nothing is left for others", 0, shared.position());
    ByteArrayEndPoint other = socket(100);
    ClientOutput healthy = new ClientOutput(other, shared, LIMIT);
    healthy.putPacket(new byte[] {7});
    assertTrue(healthy.flush());
    assertArrayEquals(new byte[] {(byte) 0x82, 1, 7}, taken(other));
    taken(full);
    assertTrue(blocked.flush());
    assertArrayEquals(new byte[] {(byte) 0x82, 3, 1, 2, 3}, taken(full));
  }

  /** Takes bytes into a record that it cannot send, until it is told to. */
  private static final class Withholding extends ByteArrayEndPoint {
    private boolean sends;
    private int asked;

    @Override
    public boolean flush(ByteBuffer... buffers) {
      asked++;
      for (ByteBuffer buffer : buffers) {
        buffer.position(buffer.limit());
      }
      return sends;
    }
  }

  @Test
  public void anEndPointThatHasNotSentWhatItTookIsAskedAgain() throws Exception {
    Withholding tls = new Withholding();
    ClientOutput output = new ClientOutput(tls, shared, LIMIT);
    output.putPacket(new byte[5]);
    assertFalse(output.flush());
    assertTrue(output.isBlocked());
    assertEquals(0, output.pendingBytes());
    output.writable();
    assertFalse(output.flush());
    tls.sends = true;
    assertTrue(output.flush());
    assertEquals(3, tls.asked);
    tls.sends = false;
    output.writeDirect(ByteBuffer.wrap(new byte[5]));
    assertTrue(output.isBlocked());
  }

  @Test
  public void whatWaitsIsBounded() throws Exception {
    ClientOutput output = new ClientOutput(socket(10), shared, LIMIT);
    byte[] packet = new byte[100];
    ClientOutput.OverflowException overflow =
        assertThrows(
            ClientOutput.OverflowException.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                output.putPacket(packet);
              }
            });
    assertTrue(overflow.getMessage(), overflow.getMessage().contains("1000"));
    assertTrue(overflow.getMessage(), overflow.getMessage().contains("pendingBytes"));
    assertTrue(output.pendingBytes() <= LIMIT + shared.capacity() + packet.length);
  }

  @Test
  public void oneMessageMayBeLargerThanTheBound() throws Exception {
    ByteArrayEndPoint socket = socket(10);
    ClientOutput output = new ClientOutput(socket, shared, LIMIT);
    output.putPacket(new byte[5 * LIMIT]);
    int total = 0;
    while (!output.flush()) {
      assertTrue(output.isBlocked());
      total += taken(socket).length;
    }
    assertFalse(output.isBlocked());
    assertEquals(5 * LIMIT + 4, total + taken(socket).length);
  }

  /** In its place among others, however little the socket takes at a time. */
  @Test
  public void frameWhoseHeadersStandApartIsOneFrame() throws Exception {
    byte[] expected = new byte[2 * 3 + 2 + 100 + 4 + 300];
    byte[] headers = {(byte) 0x82, 126, 1, 44};
    ByteBuffer frames = ByteBuffer.wrap(expected).put(new byte[] {(byte) 0x82, 1, 7});
    frames.put(new byte[] {(byte) 0x82, 100}).position(3 + 2 + 100).put(headers);
    frames.position(expected.length - 3).put(new byte[] {(byte) 0x82, 1, 8});
    for (int socketBytes = 1; socketBytes < 500; socketBytes++) {
      for (int messageBytes = 0; messageBytes < 300; messageBytes += 200) {
        ByteArrayEndPoint socket = socket(socketBytes);
        ClientOutput output = new ClientOutput(socket, shared, LIMIT);
        output.join(messageBytes);
        output.putPacket(new byte[] {7});
        if (messageBytes > 0) {
          output.join(0); // what follows is a message of its own
          output.join(messageBytes);
        }
        output.putFrame(ByteBuffer.wrap(expected, 3, 2), ByteBuffer.wrap(new byte[100]));
        output.putFrame(ByteBuffer.wrap(headers), ByteBuffer.wrap(new byte[300]));
        output.putPacket(new byte[] {8});
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!output.flush()) {
          all.write(taken(socket));
        }
        all.write(taken(socket));
        assertArrayEquals("with " + socketBytes, expected, all.toByteArray());
        assertEquals(0, shared.position());
      }
    }
  }

  @Test
  public void abortedOutputLeavesTheSharedBufferEmpty() throws Exception {
    ClientOutput output = new ClientOutput(socket(10), shared, LIMIT);
    output.putPacket(new byte[100]);
    output.abort(new java.io.IOException("gone"));
    assertEquals(0, shared.position());
    assertEquals(0, output.pendingBytes());
  }
}
