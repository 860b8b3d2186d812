/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Test;

public class StreamToSignalTest {

  private static final Map<String, Object> GOOD =
      Map.of("instance", "bridge", "stream", "frames", "signalId", "cam", "retryMs", 10);

  private final FakeSignals signals = new FakeSignals();
  private final FakeStreams streams = new FakeStreams();
  private final AtomicLong clock = new AtomicLong(1000);
  private StreamToSignal bridge;

  @After
  public void stop() {
    if (bridge != null) {
      bridge.stop();
    }
  }

  private void start(Map<String, Object> config) {
    bridge = new StreamToSignal(signals, streams, config, clock::incrementAndGet);
  }

  private FakeSignals.Sample next() throws InterruptedException {
    FakeSignals.Sample sample = signals.samples.poll(10, TimeUnit.SECONDS);
    assertNotNull("no sample", sample);
    return sample;
  }

  private void startOpen(Map<String, Object> config) {
    start(config);
    Await.until("open stream", () -> streams.handle.get() == 1);
  }

  @Test
  public void eachMessageBecomesASampleWithItsTime() throws InterruptedException {
    startOpen(GOOD);
    assertEquals("bridge in frames", streams.opened);
    streams.receive((byte) 1, (byte) 2);
    streams.receive((byte) 3);
    FakeSignals.Sample first = next();
    assertEquals(1001, first.tick());
    assertEquals("0102", first.hex());
    FakeSignals.Sample second = next();
    assertEquals(1002, second.tick());
    assertEquals("03", second.hex());
  }

  @Test
  public void theSignalIsBinaryOnAnExplicitTime() {
    start(Configs.with(GOOD, "contentType", "image/jpeg"));
    assertEquals("cam", signals.value.signalId());
    assertEquals("binary", signals.value.dataType());
    assertEquals("image/jpeg", signals.value.metadata().get("contentType"));
    assertEquals("cam/time", signals.domain.signalId());
    assertEquals(Rule.EXPLICIT, signals.domain.rule());
    assertEquals(Resolution.NANOSECONDS, signals.domain.resolution());
  }

  @Test
  public void anEmptyMessageMakesNoSample() throws InterruptedException {
    startOpen(GOOD);
    streams.receive();
    streams.receive((byte) 5);
    assertEquals("05", next().hex());
    assertEquals(0, bridge.dropped());
  }

  @Test
  public void whatIsLargerThanTheLimitIsDroppedAndCounted() throws InterruptedException {
    startOpen(Configs.with(GOOD, "maxSampleBytes", 2));
    streams.receive(new byte[3]);
    streams.receive(new byte[2]);
    assertEquals("0000", next().hex());
    assertEquals(1, bridge.dropped());
  }

  @Test
  public void whatTheSignalCannotTakeIsCountedAndTheNextGoesOn() throws InterruptedException {
    startOpen(GOOD);
    signals.result = WriteResult.TOO_LARGE;
    streams.receive((byte) 1);
    next();
    Await.until("count", () -> bridge.dropped() == 1);
    signals.refusal = new IllegalArgumentException("test");
    streams.receive((byte) 2);
    Await.until("count", () -> bridge.dropped() == 2);
    signals.refusal = null;
    signals.result = WriteResult.NO_SUBSCRIBER;
    streams.receive((byte) 3);
    assertEquals("03", next().hex());
    assertEquals("nobody listens is no loss", 2, bridge.dropped());
  }

  @Test
  public void anEndedStreamIsClosedAndOpenedAnewWhileTheSignalStays() throws InterruptedException {
    startOpen(GOOD);
    streams.end();
    Await.until("second open", () -> streams.handle.get() == 2);
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
    streams.receive((byte) 7);
    assertEquals("07", next().hex());
    assertFalse(signals.closed);
  }

  @Test
  public void whatCannotBeOpenedIsTriedAgain() {
    streams.openFailure = new StreamException(StreamResult.NOTSUP, "no transport");
    start(GOOD);
    Await.until("attempts", () -> streams.openAttempts.get() > 2);
    streams.openFailure = null;
    Await.until("open", () -> streams.handle.get() == 1);
  }

  @Test
  public void attemptsAreNoCloserThanToldWhenEveryOpenEndsAtOnce() {
    start(Configs.with(GOOD, "retryMs", 60_000));
    Await.until("open", () -> streams.handle.get() == 1);
    streams.end();
    Await.until("close", () -> streams.closedHandles.contains(1));
    streams.receive((byte) 1); // is processed after the end
    Await.until("event", () -> !signals.samples.isEmpty());
    assertEquals(1, streams.openAttempts.get());
  }

  @Test
  public void deactivationLeavesNothing() {
    startOpen(GOOD);
    bridge.stop();
    bridge = null;
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
    assertTrue(streams.clientClosed);
    assertTrue(signals.closed);
    Await.noThread("daqstream-bridge-");
  }

  @Test
  public void wrongValuesAreNamed() {
    assertRefused("instance", "");
    assertRefused("stream", "a\nb");
    assertRefused("signalId", "x".repeat(251));
    assertRefused("contentType", " ");
    assertRefused("maxSampleBytes", 0);
    assertRefused("retryMs", 9);
    assertRefused("retryMs", 60_001);
    start(Configs.with(GOOD, "retryMs", "often"));
    assertEquals("nothing was opened", 0, streams.openAttempts.get());
    assertNull("nothing is published", signals.value);
  }

  private void assertRefused(String key, Object value) {
    Values values = Values.of(StreamToSignal.Config.class, Configs.with(GOOD, key, value));
    String message =
        assertThrows(RefusedException.class, () -> StreamToSignal.Settings.of(values)).getMessage();
    String shown = value.toString().strip().replace('\n', '\ufffd');
    assertTrue(message, message.startsWith("key " + key + " = '" + shown + "' must "));
  }

  @Test
  public void valuesAreReadByTheRuleOfAllComponents() {
    LogLines.clear();
    startOpen(
        Configs.with(GOOD, "retryMs", "10 ", "maxSampleBytes", "", "content_type", "image/png"));
    assertEquals(
        List.of(
            "WARN org.daqstream.bridge.stream2signal: key 'content_type' is not known; did you"
                + " mean 'contentType'?"),
        LogLines.all());
    bridge.modified(Configs.with(GOOD, "retryMs", "often"));
    assertEquals(1, LogLines.with("key retryMs = 'often'").size());
    assertFalse("the old one works on", signals.closed);
    bridge.modified(Configs.with(GOOD, "contentType", "image/png"));
    assertEquals(List.of(1), List.copyOf(streams.closedHandles));
    Await.until("open again", () -> streams.openAttempts.get() == 2);
  }
}
