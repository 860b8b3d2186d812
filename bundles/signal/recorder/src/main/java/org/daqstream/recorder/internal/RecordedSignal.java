/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.base.support.SampleRing;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A signal that is recorded, at its publisher's end: encodes blocks into the ring, cut on whole
 * samples, and remembers exactly what found no room there.
 *
 * <p>An entry is the number of the signal, how many samples, the row, the tick, what is missing
 * before it, then stamps and samples.
 */
final class RecordedSignal implements SignalTap {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final int STAMPED = 1;
  private static final int LOSSY = 2;
  private static final int REASON_SHIFT = 8;
  private static final int HEAD_BYTES =
      SampleRing.LENGTH_BYTES + 3 * Integer.BYTES + 2 * Long.BYTES;
  private static final int LOSS_BYTES = 4 * Long.BYTES;

  /** Larger blocks are cut, so that the reader is never far behind because of one. */
  private static final int PIECES = 16;

  final int number = NUMBERS.incrementAndGet();
  final RecordedTable table;
  private final RecordingLoop loop;
  private final SampleRing ring;
  private final ByteBuffer target; // the publisher's
  private volatile SignalDescriptor value;
  private volatile SignalWriter writer; // null once the signal is gone: it is a plug-in's
  private volatile Runnable demandListener = () -> {};
  private volatile boolean hasTaken;
  private volatile MissingRows loss; // written under the lock
  private final Object lock = new Object();

  RecordedSignal(RecordedTable table, RecordingLoop loop, SignalDescriptor value, SignalWriter by) {
    this.table = table;
    this.loop = loop;
    this.ring = loop.ring();
    this.writer = by;
    target = ring.newView();
    this.value = told(value, by);
  }

  /** A type of a plug-in that clients are told as a number is recorded as that. */
  private static SignalDescriptor told(SignalDescriptor value, SignalWriter writer) {
    String wire = String.valueOf(writer.definition().get("dataType"));
    boolean isOther = !wire.equals(value.dataType()) && ElementType.of(wire) != null;
    return isOther && ElementType.of(value.dataType()) == null
        ? value.toBuilder().dataType(wire).build()
        : value;
  }

  SignalDescriptor descriptor() {
    return value;
  }

  boolean isConstant() {
    return value.rule() instanceof Rule.Constant;
  }

  @Override
  public boolean hasSubscriber() {
    return loop.isWanted();
  }

  @Override
  public void whenDemandChanges(Runnable changed) {
    demandListener = changed;
  }

  void tellDemand() {
    demandListener.run();
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    SignalWriter encoder = writer;
    if (encoder == null || !loop.isWanted()) {
      return WriteResult.NO_SUBSCRIBER;
    }
    hasTaken = true;
    int each = encoder.sampleBytes();
    int most =
        each == SignalWriter.VARIABLE
            ? 1
            : Math.max(1, ring.capacity() / PIECES / (each + (ticks == null ? 0 : Long.BYTES)));
    long delta = table.deltaTicks();
    int done = 0;
    LossReason failure = null; // as long as nothing is lost, and when the writer throws
    try {
      for (int some; done < count; done += some) {
        some = Math.min(most, count - done);
        long first = ticks == null ? tick + delta * done : ticks[offset + done];
        failure = put(encoder, row + done, first, ticks, samples, offset + done, some);
        if (failure != null) {
          break;
        }
      }
    } finally {
      if (done < count) {
        long first = ticks == null ? tick + delta * done : ticks[offset + done];
        long end = ticks == null ? tick + delta * count : ticks[offset + count - 1];
        LossReason reason = failure == null ? LossReason.WRITER : failure;
        lose(reason, row + done, first, row + count, end);
      }
    }
    if (ring.usedBytes() > ring.capacity() / 2) {
      loop.wake();
    }
    return WriteResult.ACCEPTED;
  }

  /** Takes what was written before the recorder came, where that holds on. */
  @Override
  public void replay(long row, long tick, ByteBuffer sample) {
    if (isConstant() && !hasTaken) {
      loop.hold(this, new SampleRun(row, 1, tick, table.deltaTicks(), stamps(tick), sample));
    }
  }

  private long[] stamps(long tick) {
    return table.isLinear() ? null : new long[] {tick};
  }

  private LossReason put(
      SignalWriter encoder,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count) {
    int bytes = bytesOf(encoder, samples, offset, count);
    int stampBytes = ticks == null ? 0 : count * Long.BYTES;
    boolean isLossy = loss != null;
    long entry = (long) HEAD_BYTES + (isLossy ? LOSS_BYTES : 0) + stampBytes + bytes;
    if (entry > ring.entryLimitBytes()) {
      return LossReason.SIZE;
    }
    long claim = ring.claim((int) entry);
    if (claim == SampleRing.NO_ROOM) {
      return loop.lossReason();
    }
    boolean isGood = false;
    MissingRows before = isLossy ? takeLoss() : null; // null when it was told meanwhile
    try {
      ring.place(target, claim, (int) entry);
      int flags = (ticks == null ? 0 : STAMPED) | (isLossy ? LOSSY : 0);
      putHead(flags, before, row, tick, count);
      for (int i = 0; ticks != null && i < count; i++) {
        target.putLong(ticks[offset + i]);
      }
      encoder.encode(samples, offset, count, target);
      isGood = target.remaining() == 0;
    } finally {
      if (!isGood) {
        restore(before);
      }
      ring.commit(claim, (int) entry, isGood);
    }
    return isGood ? null : LossReason.WRITER;
  }

  private void putHead(int flags, MissingRows before, long row, long tick, int count) {
    int reason = before == null ? 0 : before.reason().code << REASON_SHIFT;
    target.putInt(number).putInt(flags | reason).putInt(count).putLong(row).putLong(tick);
    if (before != null) {
      target.putLong(before.fromRow()).putLong(before.fromTick());
      target.putLong(before.toRow()).putLong(before.toTick());
    } else if ((flags & LOSSY) != 0) {
      target.position(target.position() + LOSS_BYTES);
    }
  }

  private void restore(MissingRows before) {
    synchronized (lock) {
      loss = before;
    }
  }

  private void lose(LossReason reason, long row, long tick, long endRow, long endTick) {
    synchronized (lock) {
      MissingRows before = loss;
      loss =
          before == null
              ? new MissingRows(reason, row, tick, endRow, endTick)
              : before.until(endRow, endTick);
    }
    loop.lost(endRow - row);
  }

  /** What is missing and was not told yet, {@code null} for nothing. */
  MissingRows takeLoss() {
    synchronized (lock) {
      MissingRows taken = loss;
      loss = null;
      return taken;
    }
  }

  /** Asks the writer only for what is not known. */
  private static int bytesOf(SignalWriter encoder, Object samples, int offset, int count) {
    int each = encoder.sampleBytes();
    return each == SignalWriter.VARIABLE
        ? encoder.encodedBytes(samples, offset, count)
        : each * count;
  }

  @Override
  public void update(SignalDescriptor newValue, SignalWriter newWriter) {
    SignalDescriptor told = told(newValue, newWriter);
    value = told;
    writer = newWriter;
    loop.described(this, told);
  }

  @Override
  public void close() {
    writer = null;
    loop.closed(this);
  }

  /** An entry as it stands in the ring, of a signal that is found by its number. */
  static int numberOf(ByteBuffer entry) {
    return entry.getInt(entry.position());
  }

  static int countOf(ByteBuffer entry) {
    return entry.getInt(entry.position() + 2 * Integer.BYTES);
  }

  /** What is missing in front of an entry, {@code null} for nothing. */
  static MissingRows lossOf(ByteBuffer entry) {
    int at = entry.position();
    int flags = entry.getInt(at + Integer.BYTES);
    int code = flags >> REASON_SHIFT;
    if ((flags & LOSSY) == 0 || code == 0) {
      return null;
    }
    int rows = at + HEAD_BYTES - SampleRing.LENGTH_BYTES;
    return new MissingRows(
        LossReason.of(code),
        entry.getLong(rows),
        entry.getLong(rows + Long.BYTES),
        entry.getLong(rows + 2 * Long.BYTES),
        entry.getLong(rows + 3 * Long.BYTES));
  }

  /** The samples of an entry, which stay where they are. */
  static SampleRun runOf(ByteBuffer entry, long delta) {
    entry.getInt();
    int flags = entry.getInt();
    boolean isStamped = (flags & STAMPED) != 0;
    int count = entry.getInt();
    long row = entry.getLong();
    long tick = entry.getLong();
    entry.position(entry.position() + ((flags & LOSSY) == 0 ? 0 : LOSS_BYTES));
    long[] ticks = isStamped ? new long[count] : null;
    for (int i = 0; isStamped && i < count; i++) {
      ticks[i] = entry.getLong();
    }
    return new SampleRun(row, count, tick, delta, ticks, entry);
  }
}
