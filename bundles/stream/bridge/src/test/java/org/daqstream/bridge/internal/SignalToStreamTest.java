/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Test;

public class SignalToStreamTest {

  private static final Map<String, Object> PAYLOAD =
      Map.of("signalId", "v", "instance", "bridge", "stream", "out", "retryMs", 10);
  private static final Map<String, Object> STAMPED = Configs.with(PAYLOAD, "frame", "stamped");

  private final FakeStreams streams = new FakeStreams();
  private final FakeContext context = new FakeContext();
  private SignalToStream bridge;

  @After
  public void stop() {
    if (bridge != null) {
      bridge.stop();
    }
  }

  /** Encodes {@code int[]} in 4 bytes each, or {@code byte[][]} as they are. */
  private record Writer(int sampleBytes) implements SignalWriter {
    @Override
    public Map<String, Object> definition() {
      return Map.of();
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      return sampleBytes == VARIABLE ? ((byte[][]) samples)[offset].length : sampleBytes * count;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      assertEquals(encodedBytes(samples, offset, count), target.remaining());
      for (int i = offset; i < offset + count; i++) {
        if (sampleBytes == VARIABLE) {
          target.put(((byte[][]) samples)[i]);
        } else {
          target.putInt(((int[]) samples)[i]);
        }
      }
    }
  }

  private TableTap startTable(Map<String, Object> config, SignalDescriptor domain) {
    bridge = new SignalToStream(context.get(), streams, config);
    return sender().openTable(domain);
  }

  private SignalTap startOpen(Map<String, Object> config, SignalDescriptor domain, int bytes) {
    SignalTap tap = openSignal(startTable(config, domain), "v", bytes);
    Await.until("open stream", tap::hasSubscriber);
    return tap;
  }

  private static SignalTap openSignal(TableTap table, String signalId, int sampleBytes) {
    return table.openSignal(
        SignalDescriptor.value(signalId, DataTypes.INT32).build(), new Writer(sampleBytes));
  }

  private static SignalDescriptor linear() {
    return SignalDescriptor.linearTime("t", 10);
  }

  private void assertWritten(String... hex) {
    assertEquals(List.of(hex), streams.written.stream().map(HexFormat.of()::formatHex).toList());
    streams.written.clear();
  }

  @Test
  public void aBlockIsAMessageOfItsSamples() {
    SignalTap tap = startOpen(PAYLOAD, linear(), 4);
    assertEquals("bridge out out", streams.opened);
    assertEquals(WriteResult.ACCEPTED, tap.accept(0, 5, null, new int[] {9, 1, 2}, 1, 2));
    assertWritten("0100000002000000");
  }

  @Test
  public void aStampedBlockOfALinearDomainTellsTheFirstTickAndTheDistance() {
    SignalTap tap = startOpen(STAMPED, linear(), 4);
    tap.accept(0, 256, null, new int[] {1, 2}, 0, 2);
    assertWritten(
        "1c000000" // 28 bytes follow
            + "02000000"
            + "0001000000000000"
            + "0a00000000000000"
            + "0100000002000000");
  }

  @Test
  public void aStampedBlockOfAnExplicitDomainTellsEveryTick() {
    SignalTap tap = startOpen(STAMPED, SignalDescriptor.explicitTime("t"), 4);
    tap.accept(0, 7, new long[] {0, 7, 8}, new int[] {0, 1, 2}, 1, 2);
    assertWritten(
        "2c000000"
            + "02000000"
            + "0700000000000000"
            + "0000000000000000"
            + "0700000000000000"
            + "0800000000000000"
            + "0100000002000000");
  }

  @Test
  public void aLargeBlockIsCutBetweenSamples() {
    SignalTap tap = startOpen(Configs.with(STAMPED, "maxMessageBytes", 64), linear(), 4);
    assertEquals(WriteResult.ACCEPTED, tap.accept(0, 0, null, new int[25], 0, 25));
    List<byte[]> written = List.copyOf(streams.written);
    assertEquals(List.of(64, 64, 44), written.stream().map(bytes -> bytes.length).toList());
    assertEquals("tick of sample 10", 100, written.get(1)[8]);
    assertEquals("tick of sample 20", (byte) 200, written.get(2)[8]);
    assertEquals(5, written.get(2)[4]);
  }

  @Test
  public void anExplicitBlockIsCutWithItsTicks() {
    SignalTap tap =
        startOpen(
            Configs.with(STAMPED, "maxMessageBytes", 64), SignalDescriptor.explicitTime("t"), 4);
    tap.accept(0, 1, new long[] {1, 2, 3, 4}, new int[4], 0, 4);
    List<byte[]> written = List.copyOf(streams.written);
    assertEquals(List.of(60, 36), written.stream().map(bytes -> bytes.length).toList());
    assertEquals(4, written.get(1)[8]);
    assertEquals(4, written.get(1)[24]);
  }

  @Test
  public void samplesOfDifferentLengthAreAMessageEach() {
    SignalTap tap = startOpen(PAYLOAD, linear(), SignalWriter.VARIABLE);
    tap.accept(0, 0, null, new byte[][] {{1}, {2, 3}}, 0, 2);
    assertWritten("01", "0203");
  }

  @Test
  public void aSampleLargerThanTheLimitIsDroppedAndCounted() {
    SignalTap tap =
        startOpen(Configs.with(PAYLOAD, "maxMessageBytes", 64), linear(), SignalWriter.VARIABLE);
    byte[][] samples = {new byte[65], new byte[64]};
    assertEquals(WriteResult.TOO_LARGE, tap.accept(0, 0, null, samples, 0, 2));
    assertEquals(1, streams.written.size());
    assertEquals(1, sender().dropped());
  }

  @Test
  public void aLongMessageGrowsTheBufferUpToTheLimit() {
    SignalTap tap =
        startOpen(
            Configs.with(PAYLOAD, "maxMessageBytes", 100_000), linear(), SignalWriter.VARIABLE);
    byte[] sample = new byte[100_000];
    sample[99_999] = 1;
    assertEquals(WriteResult.ACCEPTED, tap.accept(0, 0, null, new byte[][] {sample}, 0, 1));
    assertArrayEquals(sample, streams.written.peek());
  }

  @Test
  public void otherSignalsAreLeftAlone() {
    TableTap table = startTable(PAYLOAD, linear());
    SignalTap wanted = openSignal(table, "v", 4);
    SignalTap other = openSignal(table, "w", 4);
    Await.until("open stream", wanted::hasSubscriber);
    assertFalse(other.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, other.accept(0, 0, null, new int[1], 0, 1));
    assertWritten();
  }

  @Test
  public void withoutAnOpenStreamNobodyListens() {
    streams.openFailure = new StreamException(StreamResult.NOTSUP, "no transport");
    SignalTap tap = openSignal(startTable(PAYLOAD, linear()), "v", 4);
    Await.until("attempts", () -> streams.openAttempts.get() > 1);
    assertFalse(tap.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, tap.accept(0, 0, null, new int[1], 0, 1));
    streams.openFailure = null;
    Await.until("open stream", tap::hasSubscriber);
  }

  @Test
  public void afterItsEndTheStreamIsOpenedAnew() {
    SignalTap tap = startOpen(PAYLOAD, linear(), 4);
    streams.end();
    Await.until("second stream", () -> streams.handle.get() == 2 && tap.hasSubscriber());
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
  }

  @Test
  public void whatTheStreamRefusesIsCounted() {
    SignalTap tap = startOpen(PAYLOAD, linear(), 4);
    streams.writeResult = StreamResult.ERROR;
    assertEquals(WriteResult.FAILED, tap.accept(0, 0, null, new int[1], 0, 1));
    streams.writeResult = StreamResult.TOOBIG;
    assertEquals(WriteResult.TOO_LARGE, tap.accept(0, 0, null, new int[1], 0, 1));
    assertEquals(2, sender().dropped());
  }

  @Test
  public void aChangedDomainCountsFromTheNextBlockOn() {
    TableTap table = startTable(STAMPED, linear());
    SignalTap tap = openSignal(table, "v", 4);
    Await.until("open stream", tap::hasSubscriber);
    table.updateDomain(SignalDescriptor.linearTime("t", 20));
    tap.accept(0, 0, null, new int[1], 0, 1);
    assertEquals(20, streams.written.remove()[16]);
  }

  @Test
  public void deactivationLeavesNothing() {
    startOpen(PAYLOAD, linear(), 4);
    bridge.stop();
    bridge = null;
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
    assertTrue(streams.clientClosed);
  }

  @Test
  public void wrongValuesAreNamed() {
    assertRefused("signalId", "");
    assertRefused("instance", "");
    assertRefused("stream", "");
    assertRefused("frame", "xml");
    assertRefused("maxMessageBytes", 63);
    assertRefused("retryMs", 0);
  }

  private SignalSender sender() {
    return (SignalSender) context.services().get(0);
  }

  @Test
  public void wrongConfigurationLeavesTheBridgeOff() {
    bridge = new SignalToStream(context.get(), streams, Configs.with(PAYLOAD, "retryMs", "often"));
    assertEquals(List.of(), context.services());
    assertEquals(0, streams.openAttempts.get());
  }

  @Test
  public void valuesAreReadByTheRuleOfAllComponents() {
    LogLines.clear();
    startOpen(
        Configs.with(PAYLOAD, "frame", "Payload ", "maxMessageBytes", "", "signal", "w"),
        linear(),
        4);
    assertEquals(
        List.of(
            "WARN org.daqstream.bridge.signal2stream: key 'signal' is not known; did you mean"
                + " 'signalId'?"),
        LogLines.all());
    bridge.modified(Configs.with(PAYLOAD, "retryMs", "often"));
    assertEquals(1, LogLines.with("key retryMs = 'often'").size());
    assertEquals("the old one works on", List.of(), List.copyOf(streams.closedHandles));
    SignalSender before = sender();
    bridge.modified(Configs.with(PAYLOAD, "frame", "stamped"));
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
    assertEquals(1, context.services().size());
    assertNotSame(before, sender());
  }

  private void assertRefused(String key, Object value) {
    Values values = Values.of(SignalToStream.Config.class, Configs.with(PAYLOAD, key, value));
    String message =
        assertThrows(RefusedException.class, () -> SignalToStream.Settings.of(values)).getMessage();
    assertTrue(message, message.startsWith("key " + key + " = '" + value + "' must "));
  }
}
