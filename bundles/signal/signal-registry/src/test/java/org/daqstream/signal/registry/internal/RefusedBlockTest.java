/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

/** Blocks that are wrong, or at which somebody fails. */
public final class RefusedBlockTest extends PublishedBench {
  @Test
  public void wrongBlockIsRefusedWithOrWithoutSubscriberAndChangesNothing() {
    SignalPort port = table.open(value("v"));
    SignalPort event = events.open(value("e"));
    for (int sinks = 0; sinks < 3; sinks++) {
      assertNamed(
          "signal v", IllegalArgumentException.class, () -> port.write(0, new int[3], 0, 3));
      assertNamed("signal v", IllegalArgumentException.class, () -> port.write(0, null, 0, 3));
      assertNamed("signal v", IndexOutOfBoundsException.class, () -> port.write(0, SAMPLES, 8, 3));
      assertNamed("signal v", IndexOutOfBoundsException.class, () -> port.write(0, SAMPLES, 0, -1));
      assertNamed(
          "table te",
          IndexOutOfBoundsException.class,
          () -> event.write(new long[2], SAMPLES, 0, 3));
      registry.addSink(new RecordingSink());
    }
    addSink(sink);
    port.write(0, SAMPLES, 0, 1);
    event.write(5, 1.0);
    assertEquals(List.of("v row 0 tick 0 n 1", "e row 0 tick 5 to 5 n 1"), sink.news());
  }

  @Test
  public void wrongKindOfDomainIsRefused() {
    SignalPort port = table.open(value("v"));
    SignalPort event = events.open(value("e"));
    Object[] block = {SAMPLES};
    assertNamed(
        "table t", IllegalStateException.class, () -> port.write(new long[1], SAMPLES, 0, 1));
    assertNamed("table te", IllegalStateException.class, () -> event.write(0, SAMPLES, 0, 1));
    assertNamed(
        "table t", IllegalStateException.class, () -> table.write(new long[1], block, 0, 1));
    assertNamed("table te", IllegalStateException.class, () -> events.write(0, block, 0, 1));
  }

  @Test
  public void failingSinkIsAHoleForItAlone() {
    RecordingSink bad = new RecordingSink();
    bad.failsAt = "v row";
    bad.failure = new IllegalStateException("on purpose");
    addSink(bad);
    SignalPort port = table.open(value("v"));
    assertEquals(WriteResult.FAILED, port.write(0, SAMPLES, 0, 10));
    bad.failure = new NoClassDefFoundError("bundle is gone");
    assertEquals(WriteResult.FAILED, port.write(100, SAMPLES, 0, 10));
    addSink(sink);
    assertEquals(WriteResult.ACCEPTED, port.write(200, SAMPLES, 0, 10));
    assertEquals(List.of("v row 20 tick 200 n 10"), sink.news());
    bad.failure = new IllegalArgumentException("value out of range");
    assertNamed("signal v: value", IllegalArgumentException.class, () -> port.write(300, 1.0));
    assertEquals("others get theirs", List.of("v row 30 tick 300 n 1"), sink.news());
    bad.failsAt = "";
    assertEquals(WriteResult.ACCEPTED, port.write(310, 1.0));
    assertEquals(
        Map.of(WriteResult.FAILED, 2L, WriteResult.ACCEPTED, 2L),
        registry.signals().get(1).blocks());
  }

  @Test
  public void failingCheckOfTheWriterDoesNotReachThePublisher() {
    addSink(sink);
    SignalPort port = table.open(value("v"));
    factory.checkFailure = new IllegalStateException("on purpose");
    assertEquals(WriteResult.ACCEPTED, port.write(0, SAMPLES, 0, 10));
  }

  @Test
  public void secondWriterAtTheSameTimeIsRefused() {
    SignalPort other = table.open(value("v2"));
    SignalPort port = table.open(value("v"));
    Runnable[] inside = new Runnable[1];
    registry.addSink(new CallbackSink(() -> inside[0].run()));
    inside[0] =
        () -> {
          inside[0] = () -> {};
          other.write(0, 1.0);
        };
    assertEquals(WriteResult.FAILED, port.write(0, 1.0)); // the sink gets the exception
    assertEquals("the table is free again", WriteResult.ACCEPTED, port.write(10, 1.0));

    RuntimeException[] caught = new RuntimeException[1];
    inside[0] =
        () -> {
          inside[0] = () -> {};
          Thread second =
              new Thread(
                  () ->
                      caught[0] =
                          assertThrows(IllegalStateException.class, () -> other.write(0, 1.0)));
          second.start();
          try {
            second.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    assertEquals(WriteResult.ACCEPTED, port.write(20, 1.0));
    assertTrue(caught[0].getMessage(), caught[0].getMessage().contains("table t"));
  }
}
