/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.testing.Await;
import org.junit.Test;

/**
 * What stock servers sent to stock clients, frame by frame, is sent to ours: LT is
 * streaming-protocol-lt, WSS is ws-streaming. What ours should hear is taken from the frames by
 * hand.
 */
public class CapturedSessionsTest {
  private static final int SHORT_FRAME_HEADER = 2;
  private static final int LONG_FRAME_HEADER = 4;

  /** The frames of a session; one without bytes stands for a request of the client. */
  static List<byte[]> frames(String name) throws IOException {
    try (InputStream in = CapturedSessionsTest.class.getResourceAsStream(name + ".hex")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(each -> each.equals("request") ? new byte[0] : Packets.hex(each))
          .toList();
    }
  }

  private static ScriptedServer replay(List<byte[]> frames) throws IOException {
    return new ScriptedServer(
        line -> {
          line.upgrade();
          for (byte[] each : frames) {
            if (each.length == 0) {
              line.request();
            } else {
              line.send(each);
            }
          }
          line.untilLeft();
        });
  }

  /** Payloads of the data packets of a signal, one packet in each frame. */
  private static List<ByteBuffer> data(List<byte[]> frames, int signo) {
    List<ByteBuffer> all = new ArrayList<>();
    PacketReader reader =
        new PacketReader(
            Limits.DEFAULT,
            (of, type, payload) -> {
              if (of == signo && type == PacketHeader.DATA) {
                all.add(payload.slice().order(ByteOrder.LITTLE_ENDIAN));
              }
            });
    for (byte[] each : frames) {
      if (each.length > 0) {
        int start = each[1] == 126 ? LONG_FRAME_HEADER : SHORT_FRAME_HEADER;
        reader.readMessage(ByteBuffer.wrap(each, start, each.length - start));
      }
    }
    assertFalse("data of " + signo, all.isEmpty());
    return all;
  }

  private static double[] doubles(List<ByteBuffer> payloads) {
    return payloads.stream()
        .flatMapToDouble(
            each -> {
              double[] values = new double[each.remaining() / Double.BYTES];
              each.asDoubleBuffer().get(values);
              return Arrays.stream(values);
            })
        .toArray();
  }

  /** That real64 samples come from row 0 on, a millisecond apart, beginning as the domain says. */
  private static void assertMilliseconds(String session, String signalId) throws Exception {
    List<byte[]> frames = frames(session);
    double[] values = doubles(data(frames, 2));
    long tick = data(frames, 1).get(0).getLong(Long.BYTES);
    try (ScriptedServer server = replay(frames);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe(signalId, received);
      Await.until(
          "all samples of " + session,
          () -> received.blocks().stream().mapToInt(SampleBlock::count).sum() == values.length);
      long row = 0;
      for (SampleBlock each : received.blocks()) {
        assertEquals(row, each.row());
        assertEquals(tick + row * 1_000_000, each.tick(0));
        assertEquals(tick + row * 1_000_000, each.nanos(0));
        assertArrayEquals(
            Arrays.copyOfRange(values, (int) row, (int) row + each.count()), each.values(), 0);
        row += each.count();
      }
      assertEquals(List.of(), received.gaps());
      assertEquals(0, client.statistics().badPackets());
    }
  }

  @Test
  public void aLinearTimeOfLt() throws Exception { // case 86
    assertMilliseconds("lt-siggen", "configured_signal");
  }

  @Test
  public void aLinearTimeOfWss() throws Exception { // case 86
    assertMilliseconds("wss-source", "/Channel1/Value");
  }

  @Test
  public void explicitValuesOfLt() throws Exception { // case 86
    List<byte[]> frames = frames("lt-siggen");
    List<ByteBuffer> payloads = data(frames, 4);
    try (ScriptedServer server = replay(frames);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("explicit_signal", received);
      Await.until("all", () -> received.blocks().size() == payloads.size());
      for (int i = 0; i < payloads.size(); i++) {
        assertEquals(i, received.blocks().get(i).row());
        assertEquals(payloads.get(i).getInt(0), ((int[]) received.blocks().get(i).raw())[0]);
      }
    }
  }

  @Test
  public void structsWithStampsOfWss() throws Exception { // case 86
    List<byte[]> frames = frames("wss-can");
    List<ByteBuffer> stamps = data(frames, 1);
    List<ByteBuffer> structs = data(frames, 2);
    try (ScriptedServer server = replay(frames);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("/CAN", received);
      Await.until("all", () -> received.blocks().size() == structs.size());
      for (int i = 0; i < structs.size(); i++) {
        SampleBlock block = received.blocks().get(i);
        assertEquals(stamps.get(i).getLong(0), block.tick(0));
        assertEquals(stamps.get(i).getLong(0), block.nanos(0));
        assertEquals(structs.get(i), block.payload());
        assertEquals(structs.get(i).getInt(0), block.structs().select(0).getLong(0));
      }
      assertEquals(List.of(), received.gaps());
    }
  }
}
