/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * One signal in the shared log. For a value signal it encodes blocks into frames, on the
 * publisher's thread; a domain signal only has its description here.
 *
 * <p>A block is cut into frames on whole samples. With an explicit domain a frame of stamps and the
 * frame of the samples that they belong to form one entry of the log, so nothing comes between
 * them.
 */
public final class LogSignal implements SignalTap {
  private static final int NOT_ASKED = -1;

  private final LogPublisher publisher;
  public final LogTable table;
  public final int signo;
  private final boolean domain;
  private volatile SignalWriter writer; // null once the signal is withdrawn: it is a plug-in's
  private volatile SignalVersion version;
  private final AtomicInteger subscribers = new AtomicInteger();
  private volatile Runnable demandListener = () -> {};
  private final SampleMemory last = new SampleMemory();
  private volatile boolean keepsLast;

  /** Written by the publisher alone, behind what it tells of. */
  private final AtomicLong endRow = new AtomicLong();

  private final AtomicLong packets = new AtomicLong();

  private final AtomicLong bytes = new AtomicLong();
  private int untimedBlocks;
  private volatile boolean constant;
  private final int sampleBytes; // asked once: the writer's bundle may be gone when it is needed
  private final int samplesPerFrame;
  private final int stampedPerFrame;

  LogSignal(LogPublisher publisher, LogTable table, int signo, SignalWriter writer) {
    this.publisher = publisher;
    this.table = table;
    this.signo = signo;
    this.writer = writer;
    this.domain = writer == null;
    this.sampleBytes = domain ? 0 : writer.sampleBytes();
    int payloadBytes = publisher.payloadLimitBytes();
    this.samplesPerFrame = Math.max(1, payloadBytes / Math.max(1, sampleBytes));
    this.stampedPerFrame = Math.max(1, payloadBytes / Math.max(Long.BYTES, sampleBytes));
  }

  public SignalVersion version() {
    return version;
  }

  public String signalId() {
    return version.descriptor.signalId();
  }

  public boolean isDomain() {
    return domain;
  }

  public boolean isConstant() {
    return constant;
  }

  /** Row behind the last written sample, for a domain signal that of its table. */
  public long endRow() {
    return isDomain() ? table.endRow() : endRow.get();
  }

  /** Bytes of one sample on the wire, 0 when each travels alone. */
  public int sampleBytes() {
    return constant ? 0 : sampleBytes;
  }

  void describe(SignalVersion newVersion) {
    constant = newVersion.descriptor.rule() instanceof Rule.Constant;
    version = newVersion;
    keepsLast = newVersion.descriptor.replayLast() || constant;
    if (!keepsLast) {
      last.forget(); // should it be kept again, this one is old
    }
  }

  public void subscribed() {
    if (subscribers.getAndIncrement() == 0) {
      table.demandChanged(this, 1);
    }
  }

  public void unsubscribed() {
    if (subscribers.decrementAndGet() == 0) {
      table.demandChanged(this, -1);
    }
  }

  @Override
  public void whenDemandChanges(Runnable changed) {
    demandListener = changed;
  }

  void tellDemand() {
    demandListener.run();
  }

  /** The last sample of a signal that keeps it, unless it lies in the log behind a place. */
  public SampleMemory.Sample lastBefore(LogPosition place) {
    return keepsLast ? last.before(place) : null;
  }

  /** Whether it keeps its last sample, and that lies in the log behind a place. */
  public boolean isLastBehind(LogPosition place) {
    return keepsLast && last.isBehind(place);
  }

  /** What went into the log so far; any thread. */
  public SignalTraffic traffic() {
    return new SignalTraffic(
        signalId(), signo, subscribers.get(), endRow(), packets.get(), bytes.get());
  }

  /** Whether any client wants it. */
  public boolean isSubscribed() {
    return subscribers.get() > 0;
  }

  /** Who takes the whole protocol takes every signal that anybody takes. */
  @Override
  public String refusal() {
    return version.refusals().getOrDefault(PeerProfile.FULL, "");
  }

  /**
   * A subscriber of the domain alone needs its lines, which go with the blocks of the values: those
   * that others want, or else of all.
   */
  @Override
  public boolean hasSubscriber() {
    return isSubscribed()
        || (table.isLinear() && table.domain.isSubscribed() && !table.isAnyValueSubscribed());
  }

  @Override
  public void update(SignalDescriptor value, SignalWriter newWriter) {
    writer = newWriter;
    if (!value.unit().equals(version.descriptor.unit())) {
      last.forget(); // it would be read as another quantity
    }
    describe(
        new SignalVersion(signo, value, newWriter.definition(), table.domain.version().descriptor));
    publisher.change(this, version, endRow());
  }

  @Override
  public void close() {
    publisher.withdraw(this);
    writer = null;
    last.forget();
    table.valueClosed(this);
  }

  @Override
  public void replay(long row, long tick, ByteBuffer sample) {
    synchronized (last) { // the publisher shows a sample before it moves the end
      if (!keepsLast || !last.showFirst(row, tick, sample)) {
        return;
      }
      endRow.set(row + 1);
    }
    publisher.replay(this);
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    SignalWriter encoder = writer;
    if (encoder == null) {
      return WriteResult.NO_SUBSCRIBER; // a block that was on its way when the signal was withdrawn
    }
    boolean wanted = isSubscribed();
    int blockBytes = NOT_ASKED;
    if (keepsLast) {
      if (count == 1 || sampleBytes != SignalWriter.VARIABLE) {
        blockBytes = EncodedBytes.of(encoder, sampleBytes, samples, offset, count);
      }
      stageLast(encoder, row, tick, ticks, samples, offset, count, blockBytes);
      if (!wanted) {
        last.show();
        wanted = isSubscribed(); // who subscribed meanwhile may not have seen it
      }
    }
    if (wanted) {
      if (blockBytes == NOT_ASKED) {
        blockBytes = EncodedBytes.of(encoder, sampleBytes, samples, offset, count);
      }
      if (++untimedBlocks < PublishCost.SAMPLED_OF) {
        return append(encoder, row, tick, ticks, samples, offset, count, blockBytes);
      }
      untimedBlocks = 0;
      long startNanos = System.nanoTime();
      WriteResult result = append(encoder, row, tick, ticks, samples, offset, count, blockBytes);
      publisher.statistics().published(System.nanoTime() - startNanos);
      return result;
    }
    wrote(row + count);
    if (table.isLinear() && table.domain.isSubscribed() && table.announceLine(row, tick)) {
      publisher.log().appended();
    }
    return WriteResult.NO_SUBSCRIBER;
  }

  private void stageLast(
      SignalWriter encoder,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      int blockBytes) {
    int at = offset + count - 1;
    long lastTick = ticks == null ? tick + table.deltaTicks() * (count - 1) : ticks[at];
    int bytes = count == 1 ? blockBytes : EncodedBytes.of(encoder, sampleBytes, samples, at, 1);
    last.stage(encoder, samples, at, bytes, row + count - 1, lastTick);
  }

  private void wrote(long newEndRow) {
    endRow.lazySet(newEndRow);
    table.wrote(newEndRow);
  }

  private WriteResult append(
      SignalWriter encoder,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      int blockBytes) {
    int perFrame = sampleBytes() == 0 ? 1 : ticks == null ? samplesPerFrame : stampedPerFrame;
    if (!fits(encoder, samples, offset, count, blockBytes, perFrame)
        || (ticks == null && table.isLinear() && !table.announceLine(row, tick))) {
      return tooLarge(blockBytes);
    }
    try {
      for (int done = 0; done < count; ) {
        int n = Math.min(perFrame, count - done);
        boolean end = done + n == count;
        int from = offset + done;
        int bytes =
            n == count ? blockBytes : EncodedBytes.of(encoder, sampleBytes, samples, from, n);
        long firstTick = tick + table.deltaTicks() * done;
        boolean appended =
            ticks == null
                ? appendFrame(encoder, row + done, firstTick, samples, from, n, bytes, end)
                : appendStamped(encoder, row + done, ticks, samples, from, n, bytes, end);
        if (!appended) {
          return tooLarge(blockBytes);
        }
        done += n;
      }
      return WriteResult.ACCEPTED;
    } finally {
      publisher.log().appended(); // also for the part before a failure
    }
  }

  private boolean fits(
      SignalWriter encoder, Object samples, int offset, int count, int blockBytes, int perFrame) {
    return blockBytes <= publisher.log().blockLimitBytes()
        && count <= (long) perFrame * publisher.log().blockLimitEntries()
        && (blockBytes <= publisher.sampleLimitBytes()
            || EncodedBytes.largest(encoder, sampleBytes, samples, offset, count)
                <= publisher.sampleLimitBytes());
  }

  private WriteResult tooLarge(int payloadBytes) {
    publisher.statistics().blockTooLarge(signalId(), payloadBytes);
    return WriteResult.TOO_LARGE;
  }

  private boolean appendFrame(
      SignalWriter encoder,
      long row,
      long tick,
      Object samples,
      int offset,
      int count,
      int bytesOfSamples,
      boolean end) {
    int payloadBytes = rowBytes() + bytesOfSamples;
    LogClaim claim = table.claim;
    if (!publisher.log().claim(claim, DataFrame.bytes(payloadBytes))) {
      return false;
    }
    ByteBuffer target = table.target();
    putValueHeaders(target, row, payloadBytes);
    boolean hole = row != endRow.getPlain() && !constant;
    encode(encoder, claim, samples, offset, count, target);
    commit(hole ? signo | Chunk.HOLE : signo, row, tick, count, end);
    countPacket(payloadBytes);
    return true;
  }

  private boolean appendStamped(
      SignalWriter encoder,
      long row,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      int bytesOfSamples,
      boolean end) {
    int payloadBytes = rowBytes() + bytesOfSamples;
    int domainBytes = DataFrame.bytes(count * Long.BYTES);
    LogClaim claim = table.claim;
    if (!publisher.log().claim(claim, domainBytes + DataFrame.bytes(payloadBytes))) {
      return false;
    }
    ByteBuffer target = table.target();
    DataFrame.putHeaders(target, table.domain.signo, count * Long.BYTES);
    for (int i = offset; i < offset + count; i++) {
      target.putLong(ticks[i]);
    }
    putValueHeaders(target, row, payloadBytes);
    encode(encoder, claim, samples, offset, count, target);
    commit(signo, row, domainBytes, count, end);
    table.domain.countPacket(count * Long.BYTES);
    countPacket(payloadBytes);
    return true;
  }

  /** Bytes of the row in front of a constant's value. */
  private int rowBytes() {
    return constant ? Long.BYTES : 0;
  }

  private void putValueHeaders(ByteBuffer target, long row, int payloadBytes) {
    DataFrame.putHeaders(target, signo, payloadBytes);
    if (constant) {
      target.putLong(row);
    }
  }

  private void commit(int flaggedSigno, long row, long tick, int count, boolean end) {
    if (end && keepsLast) {
      last.showAt(table.claim.sequence, table.claim.index); // before anybody can read it there
    }
    publisher.commit(table.claim, flaggedSigno, row, tick);
    wrote(row + count);
  }

  void countPacket(int payloadBytes) {
    packets.lazySet(packets.getPlain() + 1);
    bytes.lazySet(bytes.getPlain() + payloadBytes);
  }

  private void encode(
      SignalWriter encoder,
      LogClaim claim,
      Object samples,
      int offset,
      int count,
      ByteBuffer target) {
    boolean encoded = false;
    try {
      encoder.encode(samples, offset, count, target);
      encoded = target.remaining() == 0;
      if (!encoded) {
        throw new IllegalStateException(
            "writer of signal " + signalId() + " left " + target.remaining() + " bytes unwritten");
      }
    } finally {
      if (!encoded) {
        publisher.commit(claim, Chunk.VOID, 0, 0); // readers must not wait for this entry
      }
    }
  }
}
