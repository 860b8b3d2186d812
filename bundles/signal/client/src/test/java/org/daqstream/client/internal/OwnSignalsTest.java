/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.junit.Test;

/** What this side publishes, taken by the session of the other side without a socket between. */
public class OwnSignalsTest extends OwnSignalsBench {
  @Test
  public void theConversationIsThatOfAStockClient() throws Exception { // case 88
    TableTap table = signals.openTable(SignalDescriptor.linearTime("/Time", 1_000_000));
    SignalTap value = open(table, value("/Value", DataTypes.REAL64));
    signals.opened(wire, ApiVersion.V2_0_0, new Init("::ffff:127.0.0.1:55530", IN_BAND));
    List<String> greeting = wire.told();
    assertEquals(
        "0000d0220200000082a66d6574686f64aa61706956657273696f6ea6706172616d7381a776657273696f6ea5"
            + "322e302e30",
        greeting.get(0));
    assertEquals(
        "000060230200000082a66d6574686f64a9617661696c61626c65a6706172616d7381a97369676e616c49647392"
            + "a52f54696d65a62f56616c7565",
        greeting.get(2));
    command(
        MetadataCodec.packet(
            0,
            CommandRequest.of(
                    1, signals.link().streamId(), CommandRequest.SUBSCRIBE, List.of("/Value"))
                .toMetadata()));
    List<String> answer = wire.told();
    assertEquals(5, answer.size());
    assertEquals(
        "0100d0220200000082a66d6574686f64a9737562736372696265a6706172616d7381a87369676e616c4964a52f"
            + "54696d65",
        answer.get(0));
    assertEquals(
        "0200e0220200000082a66d6574686f64a9737562736372696265a6706172616d7381a87369676e616c4964a62f"
            + "56616c7565",
        answer.get(2));
    assertEquals(
        "000060230200000082a66d6574686f64a8726573706f6e7365a6706172616d7383a2696401a76a736f6e727063"
            + "a3322e30a6726573756c7491c3",
        answer.get(4));
    assertEquals(
        WriteResult.ACCEPTED,
        value.accept(0, 0x18ea4ec93b1a2e35L, null, new double[] {1, -2.5}, 0, 2));
    assertEquals(
        List.of(
            "010000110000000000000000352e1a3bc94eea18", "02000011000000000000f03f00000000000004c0"),
        wire.told());
    value.accept(2, 0x18ea4ec93b1a2e35L + 2_000_000, null, new double[] {1}, 0, 1);
    assertEquals("goes on", List.of("02008010000000000000f03f"), wire.told());
  }

  @Test
  public void anOlderServerIsToldNothing() throws Exception {
    open(signals.openTable(TIME), value("v", DataTypes.REAL64));
    signals.opened(wire, ApiVersion.V1_2_0, new Init("s", IN_BAND));
    assertEquals(List.of(), wire.told());
    assertEquals(List.of("the device takes no signals: its version is 1.2.0"), problems);
  }

  @Test
  public void nothingIsSaidWhileThereAreNoSignals() throws Exception {
    connect(false);
    assertEquals(List.of(), wire.told());
    TableTap table = signals.openTable(TIME);
    assertEquals(List.of(), wire.told());
    open(table, value("v", DataTypes.INT8));
    assertEquals("greeting, then signals", 3, wire.told().size());
    open(table, value("w", DataTypes.INT8));
    assertEquals("signals", 1, wire.told().size());
    assertEquals(List.of("t", "v", "w"), taker.client().signalIds());
  }

  @Test
  public void everyTypeArrives() throws Exception { // case 88
    Map<SignalDescriptor, Object> all = SamplesOfAllTypes.all();
    TableTap lines = signals.openTable(TIME);
    TableTap stamps = signals.openTable(EVENTS);
    connect(true);
    int number = 0;
    for (Map.Entry<SignalDescriptor, Object> each : all.entrySet()) {
      for (TableTap table : List.of(lines, stamps)) {
        SignalDescriptor value = SamplesOfAllTypes.renamed(each.getKey(), "s" + number++);
        SignalTap tap = open(table, value);
        SampleNotes listener = subscribe(value.signalId());
        boolean isLinear = table == lines;
        long[] ticks = isLinear ? null : new long[] {7, 11, 12};
        assertEquals(WriteResult.ACCEPTED, tap.accept(5, 70, ticks, each.getValue(), 0, 3));
        checkSamples(each.getKey() + (isLinear ? " on a line" : " stamped"), listener, value, each);
        if (isLinear) {
          assertEquals(70, listener.blocks.get(0).tick(0));
          assertEquals(5, listener.blocks.get(0).row());
        } else {
          assertEquals(7, listener.blocks.get(0).tick(0));
        }
      }
    }
    assertEquals(List.of(), problems);
  }

  private void checkSamples(
      String what,
      SampleNotes listener,
      SignalDescriptor value,
      Map.Entry<SignalDescriptor, Object> each)
      throws Exception {
    ByteBuffer sent =
        ByteBuffer.allocate(new OwnWriters().create(value).encodedBytes(each.getValue(), 0, 3))
            .order(ByteOrder.LITTLE_ENDIAN);
    new OwnWriters().create(value).encode(each.getValue(), 0, 3, sent);
    ByteBuffer come = ByteBuffer.allocate(sent.capacity());
    listener.blocks.forEach(block -> come.put(block.payload()));
    assertEquals(what, sent.flip(), come.flip());
    assertEquals(what, value.dimensions(), listener.signal.descriptor().dimensions());
    assertEquals(what, value.members(), listener.signal.descriptor().members());
  }

  @Test
  public void complexNumbersAreNotScaled() {
    SignalDescriptor scaled =
        SignalDescriptor.value("v", DataTypes.COMPLEX64).postScaling(1, 0.5).build();
    String why =
        assertThrows(UnsupportedSignalException.class, () -> new OwnWriters().create(scaled))
            .getMessage();
    assertTrue(why, why.endsWith("only integers and reals can be scaled"));
  }

  @Test
  public void whatDoesNotFitIsAnExactGap() throws Exception {
    TableTap table = signals.openTable(TIME);
    SignalTap tap = open(table, value("v", DataTypes.INT32));
    connect(true);
    SampleNotes listener = subscribe("v");
    tap.accept(0, 100, null, new int[] {1, 2}, 0, 2);
    wire.isFull = true;
    assertEquals(WriteResult.FAILED, tap.accept(2, 120, null, new int[] {3, 4, 5}, 0, 3));
    wire.isFull = false;
    tap.accept(5, 150, null, new int[] {6}, 0, 1);
    tap.accept(7, 170, null, new int[] {7}, 0, 1);
    assertEquals(3, listener.count());
    assertEquals(2, listener.gaps.size());
    assertEquals(2, listener.gaps.get(0).fromRow());
    assertEquals(5, listener.gaps.get(0).toRow());
    assertEquals(120, listener.gaps.get(0).fromTick());
    assertEquals(150, listener.gaps.get(0).toTick());
    assertEquals(6, listener.gaps.get(1).fromRow());
    assertEquals(7, listener.gaps.get(1).toRow());
    assertEquals(170, listener.blocks.get(2).tick(0));
  }

  @Test
  public void jumpsOfTimeAndSiblingsBehindAreExact() throws Exception {
    TableTap table = signals.openTable(TIME);
    SignalTap first = open(table, value("v", DataTypes.INT32));
    SignalTap second = open(table, value("w", DataTypes.INT32));
    connect(false);
    SampleNotes v = subscribe("v");
    SampleNotes w = subscribe("w");
    first.accept(0, 100, null, new int[] {1, 2}, 0, 2);
    first.accept(2, 500, null, new int[] {3, 4}, 0, 2);
    second.accept(0, 100, null, new int[] {1, 2}, 0, 2);
    first.accept(4, 520, null, new int[] {5}, 0, 1);
    second.accept(2, 500, null, new int[] {3, 4}, 0, 2);
    assertArrayEquals(
        new long[] {100, 500, 520}, v.blocks.stream().mapToLong(b -> b.tick(0)).toArray());
    assertArrayEquals(new long[] {100, 500}, w.blocks.stream().mapToLong(b -> b.tick(0)).toArray());
    table.updateDomain(SignalDescriptor.linearTime("t", 20));
    first.accept(5, 1000, null, new int[] {6, 7}, 0, 2);
    assertEquals(1020, v.blocks.get(3).tick(1));
  }

  @Test(timeout = 60_000)
  public void refusedTablesKeepNoNumber() throws Exception {
    TableTap table = signals.openTable(TIME);
    for (int i = 0; i <= PacketHeader.SIGNO_MAX; i++) {
      assertThrows(IllegalArgumentException.class, () -> signals.openTable(TIME));
    }
    open(table, value("v", DataTypes.INT8));
    assertEquals(List.of(), problems);
  }

  @Test
  public void subscriptionsAreCountedAndEndWithTheSignal() throws Exception {
    TableTap table = signals.openTable(TIME);
    SignalTap first = open(table, value("v", DataTypes.INT32));
    SignalTap second = open(table, value("w", DataTypes.INT32));
    signals.opened(wire, ApiVersion.V2_0_0, new Init("s", IN_BAND));
    wire.told();
    String id = signals.link().streamId();
    ask(id + ".subscribe", "v", "w", "v", "nothing");
    List<String> methods = methods();
    assertEquals(
        List.of("subscribe", "signal", "subscribe", "signal", "subscribe", "signal", "response"),
        methods);
    assertTrue(first.hasSubscriber());
    ask(id + ".unsubscribe", "v", "v", "t");
    assertEquals(List.of("unsubscribe", "response"), methods());
    assertFalse(first.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, first.accept(0, 0, null, new int[1], 0, 1));
    second.close();
    assertEquals(List.of("unsubscribe", "unsubscribe", "unavailable"), methods());
    ask(id + ".subscribe", "w");
    ask("other.subscribe", "v");
    ask(id + ".dance", "v");
    assertEquals(List.of("response", "response", "response"), methods());
    assertThrows(IllegalArgumentException.class, () -> signals.openTable(TIME));
    table.close();
    assertEquals(List.of("unavailable", "unavailable"), methods());
    open(signals.openTable(TIME), value("v", DataTypes.INT8));
    assertEquals(List.of("available"), methods());
  }

  /** A source may hold a lock while it writes, and need it when it is told. */
  @Test
  public void demandIsToldWithoutALock() throws Exception {
    TableTap table = signals.openTable(TIME);
    SignalTap tap = open(table, value("v", DataTypes.INT32));
    List<String> told = new ArrayList<>();
    tap.whenDemandChanges(
        () -> {
          Thread other =
              new Thread(
                  () -> {
                    tap.accept(0, 0, null, new int[1], 0, 1);
                    signals.unoffer("w");
                  });
          other.setDaemon(true);
          other.start();
          try {
            other.join(2_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          told.add(tap.hasSubscriber() + (other.isAlive() ? ", for ever" : ""));
        });
    signals.opened(wire, ApiVersion.V2_0_0, new Init("s", IN_BAND));
    ask(signals.link().streamId() + ".subscribe", "v");
    ask(signals.link().streamId() + ".unsubscribe", "v");
    ask(signals.link().streamId() + ".subscribe", "v");
    signals.closed();
    assertEquals(List.of("true", "false", "true", "false"), told);
    signals.opened(wire, ApiVersion.V2_0_0, new Init("s", IN_BAND));
    ask(signals.link().streamId() + ".subscribe", "v");
    signals.opened(wire, ApiVersion.V2_0_0, new Init("s", IN_BAND));
    ask(signals.link().streamId() + ".subscribe", "v");
    tap.close();
    assertEquals(List.of("true", "false", "true", "false"), told.subList(4, told.size()));
  }

  private void ask(String method, String... signalIds) throws Exception {
    CommandRequest request = CommandRequest.of(1, "s", "x", List.of(signalIds));
    signals.asked(new CommandRequest(request.id(), method, request.params()));
  }

  private List<String> methods() throws Exception {
    List<String> methods = new ArrayList<>();
    for (byte[] each : wire.packets) {
      new PacketReader(
              Limits.DEFAULT,
              (signo, type, payload) -> {
                try {
                  methods.add(MetadataCodec.decode(payload, Limits.DEFAULT).method());
                } catch (Exception e) {
                  methods.add(e.toString());
                }
              })
          .readMessage(ByteBuffer.wrap(each));
    }
    wire.packets.clear();
    return methods;
  }
}
