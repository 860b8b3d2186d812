/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.base.support.SampleRing;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A signal that is published, at its source's end: encodes blocks into the ring, cut so that each
 * piece fits into a message. What finds no room there is missing in the rows that follow, by which
 * importers know.
 *
 * <p>An entry is the signal's number, flags, the number of the description, then a block as in
 * {@link BlockMessage}.
 */
final class OutgoingSignal implements SignalTap {
  static final int STAMPED = BlockMessage.STAMPED;
  static final int KEPT = BlockMessage.KEPT;

  /** All samples take the same, so that blocks can be joined; does not travel. */
  static final int SIZED = 1 << 8;

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  static final int ENTRY_HEAD_BYTES = SampleRing.LENGTH_BYTES + 3 * Integer.BYTES;

  final int number = NUMBERS.incrementAndGet();
  final OutgoingSink.Table table;
  final SentTraffic traffic;
  private final PublishLoop loop;
  private final ByteBuffer target; // the publisher's
  private volatile SignalDescriptor value;
  private volatile SignalWriter writer; // null once the signal is gone: it is a plug-in's
  private volatile int description;
  private volatile int alikeSince; // number of the first description by which samples mean the same
  private volatile boolean isWanted;
  private volatile Runnable demandListener = () -> {};
  private volatile long lostEndRow = BlockMessage.NONE;
  private long endRow = -1; // the publisher's

  OutgoingSignal(
      OutgoingSink.Table table, PublishLoop loop, SignalDescriptor value, SignalWriter by) {
    this.table = table;
    this.loop = loop;
    this.value = value;
    writer = by;
    traffic = new SentTraffic(loop.total());
    description = table.nextDescription();
    alikeSince = description;
    target = loop.ring().newView();
  }

  SignalDescriptor descriptor() {
    return value;
  }

  String signalId() {
    return value.signalId();
  }

  /** Whether somebody who comes later is to have its last sample. */
  boolean isKept() {
    return value.replayLast() || value.rule() instanceof Rule.Constant;
  }

  /** How it is announced now; {@code null} when it is gone. */
  SignalAnnouncement announcement(String publisher, ImportedPaths paths) {
    SignalWriter told = writer;
    return told == null
        ? null
        : new SignalAnnouncement(
            publisher,
            table.epoch,
            description,
            paths.onward(signalId()),
            table.domain(),
            value,
            told.sampleBytes(),
            told.definition());
  }

  /** Row behind the last block that found no room. */
  long lostEndRow() {
    return lostEndRow;
  }

  /** Number of the present description. */
  int description() {
    return description;
  }

  /** Whether a sample from under a description means the same by the present one. */
  boolean isAlike(int before) {
    return before >= alikeSince;
  }

  /** What is written from now on belongs to another description. */
  void describeAnew(boolean isAlike) {
    int next = table.nextDescription();
    if (!isAlike) {
      alikeSince = next;
    }
    description = next;
    loop.described(this);
  }

  /** What a sample depends on, besides its bytes. */
  private static List<Object> meaning(SignalDescriptor value, SignalWriter by) {
    return Arrays.asList(
        by.sampleBytes(),
        value.dataType(),
        value.rule(),
        value.unit(),
        String.valueOf(value.postScaling()),
        value.dimensions(),
        value.members(),
        value.bitFieldType(),
        value.bits());
  }

  @Override
  public boolean hasSubscriber() {
    return isWanted;
  }

  @Override
  public void whenDemandChanges(Runnable changed) {
    demandListener = changed;
  }

  /** Whether somebody wants it; by the loop's thread. */
  void want(boolean wanted) {
    if (isWanted != wanted) {
      isWanted = wanted;
      demandListener.run();
    }
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    SignalWriter encoder = writer;
    long skipped = endRow < 0 ? 0 : Math.max(0, row - endRow);
    endRow = row + count;
    if (encoder == null || (!isWanted && !isKept())) {
      return WriteResult.NO_SUBSCRIBER;
    }
    if (!isWanted) {
      int last = count - 1;
      long lastTick = ticks == null ? tick + table.deltaTicks() * last : ticks[offset + last];
      put(encoder, KEPT, row + last, lastTick, 0, ticks, samples, offset + last, 1);
      return WriteResult.NO_SUBSCRIBER;
    }
    int sampleBytes = encoder.sampleBytes();
    int sized = sampleBytes == SignalWriter.VARIABLE ? 0 : SIZED;
    int most = most(sampleBytes, ticks != null, count);
    for (int done = 0; done < count; ) {
      int some = Math.min(most, count - done);
      long first = ticks == null ? tick + table.deltaTicks() * done : ticks[offset + done];
      put(encoder, sized, row + done, first, skipped, ticks, samples, offset + done, some);
      skipped = 0;
      done += some;
    }
    loop.wake();
    return WriteResult.ACCEPTED;
  }

  /** How many samples go into a message: all, or parts that are alike. */
  private int most(int sampleBytes, boolean isStamped, int count) {
    if (sampleBytes == SignalWriter.VARIABLE) {
      return 1;
    }
    int room = loop.blockMessageBytes() - BlockMessage.HEAD_BYTES - BlockMessage.BLOCK_HEAD_BYTES;
    int most = Math.max(1, room / (sampleBytes + (isStamped ? Long.BYTES : 0)));
    int parts = (count - 1) / most + 1;
    return (count - 1) / parts + 1;
  }

  private void put(
      SignalWriter encoder,
      int flags,
      long row,
      long tick,
      long skipped,
      long[] ticks,
      Object samples,
      int offset,
      int count) {
    int bytes = encoder.encodedBytes(samples, offset, count);
    int stampBytes = ticks == null ? 0 : count * Long.BYTES;
    long entry = (long) ENTRY_HEAD_BYTES + BlockMessage.BLOCK_HEAD_BYTES + stampBytes + bytes;
    SampleRing ring = loop.ring();
    long claim = entry > ring.entryLimitBytes() ? SampleRing.NO_ROOM : ring.claim((int) entry);
    if (claim == SampleRing.NO_ROOM) {
      traffic.lost(count);
      lostEndRow = (flags & KEPT) == 0 ? row + count : lostEndRow;
      return;
    }
    boolean isGood = false;
    try {
      ring.place(target, claim, (int) entry);
      target.putInt(number).putInt(flags | (ticks == null ? 0 : STAMPED)).putInt(description);
      BlockMessage.putBlockHead(target, row, tick, skipped, count, bytes);
      for (int i = 0; ticks != null && i < count; i++) {
        target.putLong(ticks[offset + i]);
      }
      encoder.encode(samples, offset, count, target);
      isGood = target.remaining() == 0;
    } finally {
      ring.commit(claim, (int) entry, isGood);
      if (!isGood) {
        traffic.lost(count);
      }
    }
  }

  /** Takes what was written before this sink came. */
  @Override
  public void replay(long row, long tick, ByteBuffer sample) {
    if (!isKept()) {
      return;
    }
    boolean isStamped = table.deltaTicks() == 0;
    ByteBuffer block =
        BlockMessage.allocate(
            BlockMessage.BLOCK_HEAD_BYTES + (isStamped ? Long.BYTES : 0) + sample.remaining());
    BlockMessage.putBlockHead(block, row, tick, 0, 1, sample.remaining());
    if (isStamped) {
      block.putLong(tick);
    }
    block.put(sample.duplicate()).flip();
    loop.keep(this, isStamped, description, block);
  }

  @Override
  public void update(SignalDescriptor newValue, SignalWriter newWriter) {
    SignalWriter before = writer;
    boolean isAlike = before != null && meaning(value, before).equals(meaning(newValue, newWriter));
    value = newValue;
    writer = newWriter;
    describeAnew(isAlike);
  }

  @Override
  public void close() {
    writer = null;
    table.left(this);
    loop.closed(this);
  }
}
