/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** A value of this side, and how far the device knows it. Under the lock of its table. */
public final class OwnSignal implements SignalTap {
  /** No row: the next block needs a description before it. */
  private static final long UNKNOWN = Long.MIN_VALUE;

  private static final int UNASKED = -1;

  private record Last(long row, long tick, ByteBuffer sample) {}

  private final OwnSignals signals;
  private final OwnTable table;
  private final int signo;
  private final List<ByteBuffer> packets = new ArrayList<>();
  private SignalDescriptor descriptor;
  private SignalWriter writer;
  private long endRow;
  private Last last;
  private boolean isClosed;
  private Runnable demandChanged = () -> {};

  // On the present connection:
  private volatile boolean isSubscribed;
  private long toldRow = UNKNOWN;

  OwnSignal(
      OwnSignals signals,
      OwnTable table,
      int signo,
      SignalDescriptor descriptor,
      SignalWriter writer) {
    this.signals = signals;
    this.table = table;
    this.signo = signo;
    this.descriptor = descriptor;
    this.writer = writer;
  }

  int signo() {
    return signo;
  }

  String signalId() {
    return descriptor.signalId();
  }

  SignalDescriptor descriptor() {
    return descriptor;
  }

  Map<String, Object> definition() {
    return writer.definition();
  }

  boolean isSubscribed() {
    return isSubscribed;
  }

  void reset() {
    setSubscribed(false);
  }

  private void setSubscribed(boolean now) {
    if (now != isSubscribed) {
      isSubscribed = now;
      signals.tellLater(demandChanged);
    }
  }

  /** Acknowledges a subscription, and sends the last value if it is kept. */
  void subscribe(OwnLink link) {
    setSubscribed(true);
    toldRow = last == null ? endRow : last.row;
    link.tell(signo, new Subscribe(signalId()).toMetadata());
    link.tell(document(link, toldRow));
    if (last != null) {
      tellLast(link);
    }
  }

  private void tellLast(OwnLink link) {
    packets.clear();
    putSample(link, last.row, last.tick, last.sample);
    packets.forEach(link::tell);
    packets.clear();
  }

  void unsubscribe(OwnLink link) {
    setSubscribed(false);
    link.tell(signo, new Unsubscribe(signalId()).toMetadata());
  }

  private byte[] document(OwnLink link, long row) {
    return link.document(signo, descriptor, writer.definition(), table.domain(), row);
  }

  @Override
  public boolean hasSubscriber() {
    return isSubscribed;
  }

  @Override
  public void whenDemandChanges(Runnable changed) {
    synchronized (table) {
      demandChanged = changed;
    }
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    return accept(row, tick, ticks, samples, offset, count, UNASKED);
  }

  /**
   * As {@link #accept(long, long, long[], Object, int, int)}.
   *
   * @param bytes what the writer has told of the block
   */
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count, int bytes) {
    synchronized (table) {
      endRow = row + count;
      OwnLink link = signals.link();
      boolean isWanted = link != null && isSubscribed && !isClosed;
      if (!isWanted && !keepsLast()) {
        return WriteResult.NO_SUBSCRIBER;
      }
      if (keepsLast()) {
        keepLast(row, tick, ticks, samples, offset, count, bytes);
      }
      return isWanted
          ? send(link, row, tick, ticks, samples, offset, count, bytes)
          : WriteResult.NO_SUBSCRIBER;
    }
  }

  private boolean keepsLast() {
    return descriptor.replayLast() || descriptor.rule() instanceof Rule.Constant;
  }

  private void keepLast(
      long row, long tick, long[] ticks, Object samples, int offset, int count, int bytes) {
    int index = count - 1;
    long lastTick = ticks == null ? tick + table.deltaTicks() * index : ticks[offset + index];
    last = new Last(row + index, lastTick, encoded(samples, offset + index, bytes));
  }

  /**
   * One sample.
   *
   * @param most bytes of the block that it is of, which are enough
   */
  private ByteBuffer encoded(Object samples, int index, int most) {
    ByteBuffer sample =
        ByteBuffer.allocate(size(samples, index, 1, most)).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, index, 1, sample);
    return sample.hasRemaining()
        ? ByteBuffer.wrap(Arrays.copyOf(sample.array(), sample.position()))
            .order(ByteOrder.LITTLE_ENDIAN)
        : sample.flip();
  }

  /** Bytes of samples; asks the writer only for what nobody knows. */
  private int size(Object samples, int offset, int count, int bytes) {
    int fixed = writer.sampleBytes();
    if (fixed != SignalWriter.VARIABLE) {
      return fixed * count;
    }
    return bytes == UNASKED ? writer.encodedBytes(samples, offset, count) : bytes;
  }

  private WriteResult send(
      OwnLink link,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      int bytes) {
    packets.clear();
    WriteResult result = WriteResult.TOO_LARGE;
    boolean isCut =
        descriptor.rule() instanceof Rule.Constant || writer.sampleBytes() == SignalWriter.VARIABLE;
    if (isCut
        ? putEach(link, row, tick, ticks, samples, offset, count, bytes)
        : put(link, row, tick, ticks, samples, offset, count)) {
      result = link.output().data(packets) ? WriteResult.ACCEPTED : WriteResult.FAILED;
    }
    packets.clear();
    if (result != WriteResult.ACCEPTED) {
      table.notTold();
      toldRow = UNKNOWN;
    }
    return result;
  }

  /** Puts each sample of a block in a packet of its own; false when one is too large. */
  private boolean putEach(
      OwnLink link,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count,
      int bytes) {
    ByteBuffer block =
        ByteBuffer.allocate(size(samples, offset, count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int start = block.position();
      writer.encode(samples, offset + i, 1, block);
      ByteBuffer sample = block.slice(start, block.position() - start);
      if (sample.remaining() + Long.BYTES > link.payloadLimitBytes()) {
        return false;
      }
      long sampleTick = ticks == null ? tick + table.deltaTicks() * i : ticks[offset + i];
      putSample(link, row + i, sampleTick, sample);
    }
    return true;
  }

  /** Puts a block and what the device must know before it; false when a sample is too large. */
  private boolean put(
      OwnLink link, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    int sampleBytes = writer.sampleBytes();
    if (sampleBytes > link.payloadLimitBytes()) {
      return false;
    }
    putBefore(link, row, tick);
    int largest = Math.max(sampleBytes, ticks == null ? 0 : Long.BYTES);
    int most = Math.max(1, link.payloadLimitBytes() / largest);
    for (int from = 0; from < count; from += most) {
      int n = Math.min(most, count - from);
      if (ticks != null) {
        table.putStamps(ticks, offset + from, n, packets);
      }
      ByteBuffer packet = OwnTable.newPacket(signo, sampleBytes * n);
      writer.encode(samples, offset + from, n, packet);
      packets.add(packet.flip());
    }
    toldRow = row + count;
    return true;
  }

  /** Puts where a block lies, if the device does not know. */
  private void putBefore(OwnLink link, long row, long tick) {
    boolean isIndexed = link.takesConstants(descriptor, table.isLinear());
    if (toldRow == UNKNOWN || (toldRow != row && !isIndexed)) {
      packets.add(ByteBuffer.wrap(document(link, row)));
    }
    table.putLine(link, row, tick, packets);
  }

  /** Puts one sample in a packet of its own; a constant with its row. */
  private void putSample(OwnLink link, long row, long tick, ByteBuffer sample) {
    putBefore(link, row, tick);
    if (!table.isLinear()) {
      table.putStamps(new long[] {tick}, 0, 1, packets);
    }
    boolean isIndexed = link.takesConstants(descriptor, table.isLinear());
    int bytes = sample.remaining() + (isIndexed ? Long.BYTES : 0);
    ByteBuffer packet = OwnTable.newPacket(signo, bytes);
    if (isIndexed) {
      packet.putLong(row);
    }
    packets.add(packet.put(sample.duplicate()).flip());
    toldRow = row + 1;
  }

  @Override
  public void replay(long row, long tick, ByteBuffer sample) {
    synchronized (table) {
      if (last == null && keepsLast()) {
        endRow = Math.max(endRow, row + 1);
        last = new Last(row, tick, sample.slice().order(ByteOrder.LITTLE_ENDIAN));
        OwnLink link = signals.link();
        if (link != null && isSubscribed && !isClosed) {
          tellLast(link); // who subscribed before got none
        }
      }
    }
  }

  @Override
  public void update(SignalDescriptor value, SignalWriter newWriter) {
    synchronized (table) {
      boolean isSameQuantity = value.unit().equals(descriptor.unit());
      descriptor = value;
      writer = newWriter;
      toldRow = UNKNOWN;
      if (!isSameQuantity || !keepsLast()) {
        last = null; // it would be read as another quantity; or is old when it is kept again
      }
    }
  }

  @Override
  public void close() {
    synchronized (table) {
      isClosed = true;
    }
    table.remove(this);
  }
}
