/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.PacketHeader;
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
final class LogSignal implements SignalTap {
  private final LogPublisher publisher;
  final LogTable table;
  final int signo;
  private SignalWriter writer;
  private volatile SignalVersion version;
  private final AtomicInteger subscribers = new AtomicInteger();
  private volatile long endRow;
  private boolean keepsLast;
  private LastSample last; // guarded by this

  /** The last written sample of a signal that keeps it. */
  @SuppressWarnings("ArrayRecordComponent") // not compared, not changed
  record LastSample(long row, long tick, byte[] payload, long logSequence, int logIndex) {}

  LogSignal(LogPublisher publisher, LogTable table, int signo, SignalWriter writer) {
    this.publisher = publisher;
    this.table = table;
    this.signo = signo;
    this.writer = writer;
  }

  SignalVersion version() {
    return version;
  }

  String signalId() {
    return version.descriptor.signalId();
  }

  boolean isDomain() {
    return writer == null;
  }

  boolean isConstant() {
    return version.descriptor.rule() instanceof Rule.Constant;
  }

  /** Row behind the last written sample. */
  long endRow() {
    return endRow;
  }

  /** Bytes of one sample on the wire, 0 when each travels alone. */
  int sampleBytes() {
    return isConstant() ? 0 : writer.sampleBytes();
  }

  void offer(SignalVersion first) {
    setVersion(first);
    publisher.offer(this, first);
  }

  void change(SignalVersion changed) {
    setVersion(changed);
    publisher.change(this, changed, endRow);
  }

  private void setVersion(SignalVersion newVersion) {
    version = newVersion;
    keepsLast = newVersion.descriptor.replayLast() || isConstant();
  }

  void subscribed() {
    subscribers.incrementAndGet();
  }

  void unsubscribed() {
    subscribers.decrementAndGet();
  }

  synchronized LastSample last() {
    return last;
  }

  @Override
  public boolean hasSubscriber() {
    return subscribers.get() > 0;
  }

  @Override
  public void update(SignalDescriptor value, SignalWriter newWriter) {
    writer = newWriter;
    change(
        new SignalVersion(
            signo, value, newWriter.definition(), table.domain.version().descriptor.signalId()));
  }

  @Override
  public void close() {
    publisher.withdraw(this);
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    final boolean wanted = hasSubscriber();
    WriteResult result = WriteResult.NO_SUBSCRIBER;
    if (wanted) {
      final int payloadBytes = writer.encodedBytes(samples, offset, count);
      result = append(row, tick, ticks, samples, offset, count, payloadBytes);
    } else {
      endRow = row + count;
      if (table.isLinear() && table.domain.hasSubscriber()) {
        table.announceLine(row, tick);
        publisher.log().appended();
      }
    }
    if (keepsLast && result != WriteResult.TOO_LARGE) {
      keepLast(row + count - 1, tick, ticks, samples, offset, count, wanted);
    }
    return result;
  }

  private WriteResult append(
      long row, long tick, long[] ticks, Object samples, int offset, int count, int payloadBytes) {
    final int sampleBytes = sampleBytes();
    final int perFrame =
        sampleBytes == 0
            ? 1
            : Math.max(
                1,
                publisher.frameLimitBytes()
                    / Math.max(sampleBytes, ticks == null ? 0 : Long.BYTES));
    final int firstBytes = payloadBytes / count * Math.min(count, perFrame);
    if (payloadBytes > publisher.log().blockLimitBytes()
        || (sampleBytes == 0 ? payloadBytes : firstBytes) > publisher.sampleLimitBytes()) {
      publisher.statistics().blockTooLarge(signalId(), payloadBytes);
      return WriteResult.TOO_LARGE;
    }
    if (ticks == null && table.isLinear()) {
      table.announceLine(row, tick);
    }
    for (int done = 0; done < count; ) {
      final int n = Math.min(perFrame, count - done);
      final boolean appended =
          ticks == null
              ? appendFrame(row + done, tick + table.deltaTicks() * done, samples, offset + done, n)
              : appendStamped(row + done, ticks, samples, offset + done, n);
      if (!appended) {
        publisher.statistics().blockTooLarge(signalId(), payloadBytes);
        return WriteResult.TOO_LARGE;
      }
      done += n;
    }
    publisher.log().appended();
    return WriteResult.ACCEPTED;
  }

  private boolean appendFrame(long row, long tick, Object samples, int offset, int count) {
    final int prefixBytes = isConstant() ? Long.BYTES : 0;
    final int payloadBytes = prefixBytes + writer.encodedBytes(samples, offset, count);
    final LogClaim claim = table.claim;
    if (!publisher.log().claim(claim, dataFrameBytes(payloadBytes))) {
      return false;
    }
    final ByteBuffer target = table.target();
    putDataHeaders(target, signo, payloadBytes);
    if (prefixBytes > 0) {
      target.putLong(row);
    }
    final boolean hole = row != endRow && prefixBytes == 0;
    encode(claim, samples, offset, count, target);
    publisher.commit(claim, hole ? signo | Chunk.HOLE : signo, row, tick);
    endRow = row + count;
    return true;
  }

  private boolean appendStamped(long row, long[] ticks, Object samples, int offset, int count) {
    final int payloadBytes = writer.encodedBytes(samples, offset, count);
    final int domainBytes = dataFrameBytes(count * Long.BYTES);
    final LogClaim claim = table.claim;
    if (!publisher.log().claim(claim, domainBytes + dataFrameBytes(payloadBytes))) {
      return false;
    }
    final ByteBuffer target = table.target();
    putDataHeaders(target, table.domain.signo, count * Long.BYTES);
    for (int i = offset; i < offset + count; i++) {
      target.putLong(ticks[i]);
    }
    putDataHeaders(target, signo, payloadBytes);
    encode(claim, samples, offset, count, target);
    publisher.commit(claim, signo, row, domainBytes);
    endRow = row + count;
    return true;
  }

  private void encode(LogClaim claim, Object samples, int offset, int count, ByteBuffer target) {
    boolean encoded = false;
    try {
      writer.encode(samples, offset, count, target);
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

  private void keepLast(
      long row,
      long firstTick,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      boolean appended) {
    final int at = offset + count - 1;
    final byte[] payload = new byte[writer.encodedBytes(samples, at, 1)];
    writer.encode(samples, at, 1, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
    final long tick = ticks == null ? firstTick + table.deltaTicks() * (count - 1) : ticks[at];
    final LogClaim claim = table.claim;
    synchronized (this) {
      last =
          appended
              ? new LastSample(row, tick, payload, claim.sequence, claim.index)
              : new LastSample(row, tick, payload, -1, -1);
    }
  }

  static int dataFrameBytes(int payloadBytes) {
    final int packetBytes = PacketHeader.bytes(payloadBytes) + payloadBytes;
    return FrameHeader.bytes(packetBytes) + packetBytes;
  }

  static void putDataHeaders(ByteBuffer target, int signo, int payloadBytes) {
    FrameHeader.putBinary(target, PacketHeader.bytes(payloadBytes) + payloadBytes);
    PacketHeader.put(target, signo, PacketHeader.DATA, payloadBytes);
  }
}
