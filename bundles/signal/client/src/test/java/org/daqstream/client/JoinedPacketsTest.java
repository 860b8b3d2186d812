/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Packets of a signal that arrive together are one block, with every row and time as it was. */
public class JoinedPacketsTest {
  private static final int MANY = 20_000;

  /** What a client of int32 signals {@code v} and {@code w}, row 0 at 100, hears of packets. */
  private static List<String> heard(
      SubscriptionOptions options, int count, List<String> other, byte[]... packets)
      throws Exception {
    try (ScriptedServer server = new ScriptedServer(line -> serve(line, packets));
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      Received ofOther = new Received();
      client.subscribe("v", options, received);
      client.subscribe("w", options, ofOther);
      List<String> all = received.awaitSamples(count);
      other.addAll(ofOther.samples());
      return all;
    }
  }

  private static void serve(ServerLine line, byte[]... packets) throws Exception {
    line.greet("1.2.0", "v", "w");
    line.answerAll(line.expectAll("subscribe", "v", "w"));
    line.linearTime(1, "t", 1000);
    line.value(2, "v", "t", "int32", 0);
    line.value(3, "w", "t", "int32", 0);
    line.pair(1, 0, 100);
    line.send(Packets.binary(Packets.joined(packets))); // arrives as one
    line.untilLeft();
  }

  private static void serveTexts(ServerLine line) throws Exception {
    line.greet("1.2.0", "v");
    line.serveSubscribe("t", "v", "binary", 0);
    line.pair(1, 0, 100);
    line.send(
        Packets.binary(
            Packets.joined(
                Packets.data(2, new byte[] {1, 2}),
                Packets.data(2, new byte[] {3}),
                Packets.data(2, new byte[] {4, 5, 6}))));
    line.untilLeft();
  }

  @Test
  public void samplesThatEndWithTheirPacketStayThemselves() throws Exception {
    try (ScriptedServer server = new ScriptedServer(JoinedPacketsTest::serveTexts);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("v", received);
      received.awaitSamples(3);
      assertEquals(List.of(2, 1, 3), received.blocks().stream().map(SampleBlock::bytes).toList());
    }
  }

  private static byte[] v(int... values) {
    return Packets.data(2, Packets.ints(values));
  }

  private static byte[] w(int... values) {
    return Packets.data(3, Packets.ints(values));
  }

  private static byte[] pair(long row, long tick) {
    return Packets.data(1, Packets.longs(row, tick));
  }

  @Test
  public void neighboursAreOneBlock() throws Exception {
    assertEquals(
        List.of("0: [1.0, 2.0, 3.0, 4.0] at 100"),
        heard(SubscriptionOptions.DEFAULT, 1, new ArrayList<>(), v(1, 2), v(3), v(4)));
  }

  @Test
  public void eachPacketIsABlockForWhoWantsIt() throws Exception {
    assertEquals(
        List.of("0: [1.0, 2.0] at 100", "2: [3.0] at 2100", "3: [4.0] at 3100"),
        heard(SubscriptionOptions.DEFAULT.eachPacket(), 3, new ArrayList<>(), v(1, 2), v(3), v(4)));
  }

  @Test
  public void aSampleThatWasKeptIsABlock() throws Exception {
    assertEquals(
        List.of("0: [1.0] at 100", "1: [2.0, 3.0, 4.0] at 1100"),
        heard(SubscriptionOptions.DEFAULT, 2, new ArrayList<>(), v(1), v(2), v(3), v(4)));
  }

  @Test
  public void anotherSignalComesInItsOrder() throws Exception {
    List<String> other = new ArrayList<>();
    assertEquals(
        List.of("0: [1.0, 2.0, 3.0] at 100", "3: [4.0] at 3100"),
        heard(SubscriptionOptions.DEFAULT.direct(), 2, other, v(1, 2), v(3), w(9), v(4)));
    assertEquals(List.of("0: [9.0] at 100"), other);
  }

  @Test
  public void aJumpOfTimeIsBetweenBlocks() throws Exception {
    assertEquals(
        List.of("0: [1.0, 2.0] at 100", "DOMAIN 2-2 at 2100-7000", "2: [3.0, 4.0] at 7000"),
        heard(
            SubscriptionOptions.DEFAULT, 3, new ArrayList<>(), v(1, 2), pair(2, 7000), v(3), v(4)));
  }

  @Test
  public void aJumpThatIsToldBeforehandIsBetweenBlocks() throws Exception {
    assertEquals(
        List.of("0: [1.0, 2.0, 3.0] at 100", "DOMAIN 3-3 at 3100-7000", "3: [4.0, 5.0] at 7000"),
        heard(
            SubscriptionOptions.DEFAULT,
            3,
            new ArrayList<>(),
            pair(3, 7000),
            v(1, 2),
            v(3),
            v(4),
            v(5)));
  }

  @Test
  public void rowsThatAreLeftOutEndABlock() throws Exception {
    byte[] jump = Packets.metadata(2, "signal", "{valueIndex: 10}");
    assertEquals(
        List.of("0: [1.0, 2.0, 3.0] at 100", "ROWS 3-10 at 3100-10100", "10: [4.0, 5.0] at 10100"),
        heard(SubscriptionOptions.DEFAULT, 3, new ArrayList<>(), v(1, 2), v(3), jump, v(4), v(5)));
  }

  @Test
  public void everySampleOfAFloodIsThereOnce() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  byte[][] packets = new byte[MANY][];
                  for (int i = 0; i < MANY; i++) {
                    packets[i] = Packets.binary(i % 5 == 4 ? v(i, i) : v(i));
                  }
                  line.greet("1.2.0", "v");
                  line.serveSubscribe("t", "v", "int32", 0);
                  line.pair(1, 0, 100);
                  line.send(Packets.joined(packets));
                  line.untilLeft();
                });
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      RemoteSubscription subscription =
          client.subscribe("v", SubscriptionOptions.DEFAULT.direct(), received);
      Await.until("all", () -> subscription.samples() == MANY + MANY / 5);
      long row = 0;
      int packet = 0;
      boolean isSecond = false;
      for (SampleBlock each : received.blocks()) {
        assertEquals(row, each.row());
        double[] values = each.values();
        for (int i = 0; i < each.count(); i++) {
          assertEquals(packet, values[i], 0);
          assertEquals(100 + 1000 * (row + i), each.tick(i));
          isSecond = packet % 5 == 4 && !isSecond;
          packet += isSecond ? 0 : 1;
        }
        row += each.count();
      }
      assertEquals(MANY, packet);
      assertEquals(List.of(), received.gaps());
      assertTrue(
          "not one for each packet: " + received.blocks().size(),
          received.blocks().size() < MANY / 2);
    }
  }
}
