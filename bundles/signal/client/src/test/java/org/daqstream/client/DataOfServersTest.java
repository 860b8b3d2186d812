/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Descriptions and data, as each family of servers sends them. */
public class DataOfServersTest {
  /** With what a server says when signal {@code v} is subscribed. */
  private static Stage stage(String version, ScriptedServer.Script answer) throws Exception {
    return new Stage(
        line -> {
          line.greet(version, "v");
          line.answer(line.expect("subscribe", "v"), "[true]");
          answer.play(line);
        });
  }

  private static Received received(int count, String version, ScriptedServer.Script answer)
      throws Exception {
    try (Stage stage = stage(version, answer)) {
      Received received = stage.subscribe("v");
      received.awaitSamples(count);
      return received;
    }
  }

  private static List<String> samples(int count, ScriptedServer.Script answer) throws Exception {
    return received(count, answer).samples();
  }

  private static Received received(int count, ScriptedServer.Script answer) throws Exception {
    return received(count, "1.2.0", answer);
  }

  /** Describes v, of type int32 and with ten ticks from row to row. */
  private static void describeInts(ServerLine line) throws IOException {
    line.linearTime(1, "t", 10);
    line.value(2, "v", "t", "int32", 0);
  }

  @Test
  public void dataOfHalfASampleHarmItsPacketOnly() throws Exception { // case 70
    Received received =
        received(
            2,
            line -> {
              describeInts(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
              line.data(2, new byte[] {1, 2, 3, 4, 5});
              line.data(1, new byte[5]);
              line.data(1, Packets.longs(-1, 7));
              line.data(2, Packets.ints(2));
            });
    assertEquals(List.of("0: [1.0] at 100", "1: [2.0] at 110"), received.samples());
  }

  @Test
  public void dataOfNobodysSignalAreCounted() throws Exception { // case 71
    try (Stage stage =
        stage(
            "1.2.0",
            line -> {
              line.data(2, Packets.ints(9)); // of an unknown number
              line.data(0xFFFFF, Packets.ints(9));
              line.linearTime(1, "t", 10);
              line.metadata(2, "subscribe", "{signalId: 'v'}");
              line.data(2, Packets.ints(9)); // before its description
              line.metadata(2, "signal", Documents.value("v", "t", "int32", 0));
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
              line.metadata(2, "unsubscribe", "{signalId: 'v'}");
              line.data(2, Packets.ints(9)); // behind its end
              line.metadata(0, "unavailable", "{signalIds: ['x']}");
            })) {
      Received received = stage.subscribe("v");
      Await.until("four left out", () -> stage.client.statistics().ignoredPackets() == 4);
      assertEquals(List.of("0: [1.0] at 100"), received.awaitSamples(1));
      assertEquals(0, stage.client.statistics().badPackets());
    }
  }

  @Test
  public void constantsWithTheirRows() throws Exception { // case 72
    assertEquals(
        List.of(
            "0: [7.0] at 100", "100: [-1.0] at 1100", "200: [5.0] at 2100", "300: [6.0] at 3100"),
        samples(
            4,
            line -> {
              line.linearTime(1, "t", 10);
              line.signal(2, "v", Documents.value("v", "t", "int32", "constant", 0));
              line.pair(1, 0, 100);
              line.data(
                  2,
                  Packets.joined(
                      Packets.longs(0), Packets.ints(7), Packets.longs(100), Packets.ints(-1)));
              line.data(
                  2,
                  Packets.joined(
                      Packets.longs(200), Packets.ints(5), Packets.longs(3), Packets.ints(99)));
              line.data(2, Packets.longs(300, 6)); // SEED: always an int64
            }));
  }

  @Test
  public void constantsWithoutTheirRows() throws Exception { // case 72
    assertEquals(
        List.of("50: [7.0] at 600", "52: [8.0] at 620"),
        received(
                2,
                "2.0.0",
                line -> {
                  line.linearTime(1, "t", 10);
                  line.signal(2, "v", Documents.value("v", "t", "int32", "constant", 50));
                  line.pair(1, 0, 100);
                  line.data(2, Packets.ints(7));
                  line.data(1, Packets.longs(0, 100, 52)); // the table goes on
                  line.data(2, Packets.ints(8));
                })
            .samples());
  }

  @Test
  public void aLateListenerHearsTheLastConstant() throws Exception {
    try (Stage stage =
        stage(
            "1.2.0",
            line -> {
              line.linearTime(1, "t", 10);
              line.signal(2, "v", Documents.value("v", "t", "int32", "constant", 0));
              line.pair(1, 0, 100);
              line.data(2, Packets.joined(Packets.longs(4), Packets.ints(7)));
            })) {
      Received first = stage.subscribe("v");
      first.awaitSamples(1);
      Received late = stage.subscribe("v");
      assertEquals(List.of("4: [7.0] at 140"), late.awaitSamples(1));
      Received direct = new Received();
      stage.client.subscribe("v", SubscriptionOptions.DEFAULT.direct(), direct);
      assertEquals(List.of("described", "4: [7.0] at 140"), direct.events());
    }
  }

  @Test
  public void twoPairsAndABareRow() throws Exception { // case 73
    assertEquals(
        List.of("0: [1.0, 2.0] at 100", "DOMAIN 2-2 at 120-900", "2: [3.0, 4.0] at 900"),
        samples(
            3,
            line -> {
              describeInts(line);
              line.data(1, Packets.longs(0, 100, 2, 900, 4));
              line.data(2, Packets.ints(1, 2, 3, 4));
            }));
  }

  @Test
  public void postScaling() throws Exception { // case 74
    Received received =
        received(
            1,
            line -> {
              line.linearTime(1, "t", 10);
              line.signal(
                  2,
                  "v",
                  """
                  {definition: {name: 'v', dataType: 'int16', rule: 'explicit',
                    postScaling: {offset: -1.5, scale: 0.5}}, tableId: 't', valueIndex: 0}""");
              line.pair(1, 0, 100);
              line.data(2, new byte[] {3, 0, -1, -1});
            });
    assertEquals(List.of("0: [0.0, -2.0] at 100"), received.samples());
    assertArrayEquals(new short[] {3, -1}, (short[]) received.blocks().get(0).raw());
  }

  @Test
  public void aNewDeltaAlone() throws Exception { // case 75
    assertEquals(
        List.of("0: [1.0, 2.0] at 100", "2: [3.0, 4.0] at 120"),
        samples(
            2,
            line -> {
              describeInts(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1, 2));
              line.metadata(1, "signal", "{definition: {linear: {delta: 50}}}");
              line.pair(1, 2, 120);
              line.data(2, Packets.ints(3, 4));
            }));
    Received received =
        received(
            2,
            line -> {
              describeInts(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
              line.metadata(1, "signal", "{definition: {linear: {delta: 50}}}");
              line.pair(1, 1, 110);
              line.data(2, Packets.ints(2, 3));
            });
    assertArrayEquals(new long[] {110, 160}, received.blocks().get(1).ticks());
    assertEquals(Instant.ofEpochSecond(0, 160), received.blocks().get(1).instant(1));
  }

  @Test
  public void aTableIdThatIsNoSignal() throws Exception { // case 76
    Received received =
        received(
            1,
            "1.0.1",
            line -> {
              line.signal(1, "hidden", Documents.linearTime("table", 10));
              line.signal(
                  2,
                  "v",
                  """
                  {definition: {name: 'v', dataType: 'int32'}, tableId: 'table', valueIndex: 0,
                   relatedSignals: [{type: 'time', signalId: 'hidden'}]}""");
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
            });
    assertEquals(List.of("0: [1.0] at 100"), received.samples());
    assertEquals("hidden", received.blocks().get(0).signal().domain().signalId());
  }

  @Test
  public void aLabelAloneAndADomainThatIsDescribedLast() throws Exception { // cases 76, 77
    assertEquals(
        List.of("0: [1.0] at 100"),
        samples(
            1,
            line -> {
              line.signal(2, "v", "{definition: {name: 'v', dataType: 'int32'}, tableId: 'table'}");
              line.signal(1, "hidden", Documents.linearTime("table", 10));
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
            }));
  }

  @Test
  public void aDomainThatWasNeverAvailable() throws Exception { // case 77
    Received received =
        received(
            1,
            line -> {
              line.linearTime(1, "never/listed", 10);
              line.value(2, "v", "never/listed", "int32", 0);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
            });
    assertEquals(List.of("0: [1.0] at 100"), received.samples());
    assertEquals("never/listed", received.blocks().get(0).signal().tableId());
  }

  @Test
  public void withoutADomainRowsAreAllThatIsKnown() throws Exception {
    Received received =
        received(
            1,
            line -> {
              line.signal(2, "v", "{definition: {name: 'v', dataType: 'int32'}, valueIndex: 3}");
              line.data(2, Packets.ints(1, 2));
            });
    assertEquals(List.of("3: [1.0, 2.0]"), received.samples());
    assertNull(received.blocks().get(0).signal().domain());
  }

  @Test
  public void explicitStampsStandDirectlyBeforeTheirSamples() throws Exception {
    Received received =
        received(
            2,
            line -> {
              line.signal(1, "t", Documents.explicitTime("t"));
              line.value(2, "v", "t", "int32", 0);
              line.data(1, Packets.longs(100, 105));
              line.data(2, Packets.ints(1, 2));
              line.data(1, Packets.longs(200));
              line.data(2, Packets.ints(3));
            });
    assertArrayEquals(new long[] {100, 105}, received.blocks().get(0).ticks());
    assertArrayEquals(new long[] {200}, received.blocks().get(1).ticks());
    assertEquals(List.of(), received.gaps());
  }

  @Test
  public void aDescriptionThatNobodyUnderstandsStopsTheData() throws Exception {
    try (Stage stage =
        stage(
            "1.2.0",
            line -> {
              describeInts(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
              line.metadata(2, "signal", "{definition: {dataType: 'int3'}}");
              line.data(2, Packets.ints(9));
              line.metadata(1, "signal", "{definition: {linear: {delta: 0}}}");
              line.pair(1, 1, 110);
              line.metadata(1, "signal", "{definition: {linear: {delta: 10}}}");
              line.pair(1, 1, 110);
              line.metadata(2, "signal", "{definition: {dataType: 'int64'}, valueIndex: 1}");
              line.data(2, Packets.longs(2));
            })) {
      Received received = stage.subscribe("v");
      assertEquals(List.of("0: [1.0] at 100", "1: [2.0] at 110"), received.awaitSamples(2));
      assertEquals(2, stage.client.statistics().badPackets());
      assertEquals(2, stage.client.statistics().ignoredPackets());
    }
  }

  @Test
  public void whatADeviceSaysOfAGap() throws Exception {
    List<String> samples =
        samples(
            3,
            line -> {
              describeInts(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(1));
              line.metadata(2, "signal", Documents.value("v", "t", "int32", 50));
              line.metadata(
                  2, "loss", "{signalId: 'v', fromRow: 1, toRow: 50, fromTick: 110, toTick: 600}");
              line.data(2, Packets.ints(2));
            });
    assertEquals(List.of("0: [1.0] at 100", "DEVICE 1-50 at 110-600", "50: [2.0] at 600"), samples);
  }

  @Test
  public void everyTypeOfASampleIsRead() throws Exception {
    Received received =
        received(
            1,
            line -> {
              line.linearTime(1, "t", 10);
              line.signal(
                  2,
                  "v",
                  """
                  {definition: {name: 'v', dataType: 'struct', rule: 'explicit', struct: [
                    {name: 'id', dataType: 'int32', rule: 'explicit'},
                    {name: 'data', dataType: 'uint8', rule: 'explicit', dimensions: [
                      {name: 'd', rule: 'linear', linear: {start: 1, delta: 0, size: 3}}]}]},
                   tableId: 't', valueIndex: 0}""");
              line.pair(1, 0, 100);
              line.data(2, Packets.hex("07000000 010203 08000000 040506"));
            });
    SampleBlock block = received.blocks().get(0);
    assertEquals(2, block.count());
    assertEquals(2, block.structs().size());
    assertTrue(block.toString(), block.toString().contains("row 0, 2 samples"));
  }
}
