/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;

import org.daqstream.server.internal.DelegatingWriter;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.PackedBytes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Test;

/** How often a writer is asked what a block takes: it is on the way of every sample. */
public class EncodedBytesTest {
  private static final int MANY_FRAMES = 20_000;

  private final LogPublisher publisher =
      new LogPublisher(new SharedLog(4 << 20, () -> {}), new LogStatistics(), 4_096);

  /** Counts the questions. */
  private static final class Counting extends DelegatingWriter {
    private int asked;

    Counting(SignalWriter writer) {
      super(writer);
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      asked++;
      return super.encodedBytes(samples, offset, count);
    }
  }

  private int askedFor(
      SignalDescriptor.Builder signal, SignalWriter writer, Object samples, int count) {
    TableTap table = publisher.openTable(SignalDescriptor.linearTime("t", 1));
    Counting counting = new Counting(writer);
    LogSignal value = (LogSignal) table.openSignal(signal.build(), counting);
    value.subscribed();
    assertEquals(WriteResult.ACCEPTED, value.accept(0, 0, null, samples, 0, count));
    value.unsubscribed();
    return counting.asked;
  }

  private static SignalDescriptor.Builder doubles() {
    return SignalDescriptor.value("v", "real64");
  }

  @Test
  public void neverForABlockOfAnyNumberOfFramesThatTheRegistryHasChecked() {
    assertEquals(0, askedFor(doubles(), new Doubles(), new double[1], 1));
    assertEquals(0, askedFor(doubles(), new Doubles(), new double[MANY_FRAMES], MANY_FRAMES));
  }

  @Test
  public void neverForABlockWhoseLastSampleIsKept() {
    assertEquals(
        0,
        askedFor(doubles().replayLast(true), new Doubles(), new double[MANY_FRAMES], MANY_FRAMES));
  }

  @Test
  public void neverForConstantsEachOfWhichIsAFrame() {
    assertEquals(0, askedFor(doubles().rule(Rule.CONSTANT), new Doubles(), new double[3], 3));
  }

  @Test
  public void onceForOneSampleOfAnyLengthAndForEachOfSeveral() {
    byte[][] samples = {{1, 2}, {3}, {}};
    assertEquals(1, askedFor(binary(), new PackedBytes("binary", 0), samples, 1));
    assertEquals(1, askedFor(binary().replayLast(true), new PackedBytes("binary", 0), samples, 1));
    assertEquals(4, askedFor(binary(), new PackedBytes("binary", 0), samples, 3));
  }

  private static SignalDescriptor.Builder binary() {
    return SignalDescriptor.value("v", "binary");
  }
}
