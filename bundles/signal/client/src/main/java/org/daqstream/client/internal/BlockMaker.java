/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.ConstantPacket;
import org.daqstream.protocol.DomainPair;
import org.daqstream.protocol.LinearPacket;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.RowTime;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;

/**
 * Makes blocks with rows and ticks of data packets (protocol sections 3.2 and 3.5). By the thread
 * that reads the connection.
 */
final class BlockMaker {
  private static final long[] NO_STAMPS = {};

  private final BooleanSupplier sendsRawConstants;
  private final PacketRun run = new PacketRun();

  /**
   * With nothing.
   *
   * @param sendsRawConstants whether the device is of a family that sends constants without rows
   */
  BlockMaker(BooleanSupplier sendsRawConstants) {
    this.sendsRawConstants = sendsRawConstants;
  }

  /**
   * Takes a packet, for nobody too: rows go on. Small ones of a signal that follow each other are
   * one block, at the latest with {@link #flush}.
   */
  void data(SessionSignal signal, SampleTarget target, ByteBuffer payload)
      throws ProtocolException {
    if (!signal.isDomain() && signal.rule() instanceof Rule.Explicit) {
      values(signal, target, payload);
      return;
    }
    flush();
    if (signal.isLinearDomain()) {
      line(signal, target, payload);
    } else if (signal.isDomain()) {
      stamps(signal, target, payload);
    } else {
      constants(signal, target, payload);
    }
  }

  /** Delivers what waits for a packet that goes on with it. */
  void flush() {
    run.flush();
  }

  private static void line(SessionSignal domain, SampleTarget target, ByteBuffer payload)
      throws ProtocolException {
    LinearPacket packet = LinearPacket.parse(payload);
    for (DomainPair pair : packet.pairs()) {
      domain.rowTime.add(pair);
      domain.nextRow = Math.max(domain.nextRow, pair.row());
      if (target != null) {
        ByteBuffer tick = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        tick.putLong(0, pair.tick());
        target.block(SampleBlock.onLine(domain.remote, pair.row(), 1, tick, pair.tick(), 0), true);
      }
    }
    if (packet.progressRow() != LinearPacket.NO_PROGRESS) {
      domain.nextRow = packet.progressRow();
    }
  }

  private static void stamps(SessionSignal domain, SampleTarget target, ByteBuffer payload)
      throws ProtocolException {
    int count = domain.reader.count(payload);
    ElementType type = ElementType.of(domain.parsed.descriptor().dataType());
    if (type == null || type.slots() != 1) {
      throw new ProtocolException(
          Kind.BAD_DATA,
          "domain %s: stamps of type %s"
              .formatted(domain.signalId, domain.parsed.descriptor().dataType()));
    }
    long[] stamps = new long[count];
    int at = payload.position();
    for (int i = 0; i < count; i++) {
      stamps[i] = type.longAt(payload, at);
      at += type.bytes();
    }
    domain.stamps = stamps;
    domain.stampsRow = domain.nextRow;
    domain.nextRow += count;
    if (target != null && count > 0) {
      target.block(SampleBlock.stamped(domain.remote, domain.stampsRow, stamps, payload), false);
    }
  }

  private void values(SessionSignal signal, SampleTarget target, ByteBuffer payload)
      throws ProtocolException {
    int count = signal.reader.count(payload);
    long row = signal.nextRow;
    signal.nextRow += count;
    signal.mayBeKept = signal.isNew && count == 1;
    signal.isNew = false;
    SessionSignal domain = signal.domain;
    if (domain != null && domain.isLinearDomain() && domain.nextRow < signal.nextRow) {
      domain.nextRow = signal.nextRow;
    }
    if (target == null || count == 0 || run.goesOn(signal, target, row, count, payload)) {
      return;
    }
    flush();
    if (domain != null && domain.isLinearDomain() && domain.rowTime.isKnown()) {
      onLines(signal, domain.rowTime, target, row, payload, count);
    } else if (domain != null && !domain.isLinearDomain()) {
      stamped(signal, domain, target, row, payload, count);
    } else if (!run.begins(signal, target, row, count, payload)) {
      target.block(SampleBlock.untimed(signal.remote, row, count, payload), false);
    }
  }

  /** One block for each segment of the line. */
  private void onLines(
      SessionSignal signal,
      RowTime time,
      SampleTarget target,
      long firstRow,
      ByteBuffer payload,
      int count)
      throws ProtocolException {
    int sampleBytes = signal.reader.sampleBytes();
    long row = firstRow;
    long end = firstRow + count;
    while (row < end) {
      RowTime.Segment segment = time.segmentOf(row);
      long segmentEnd = Math.min(end, time.endOf(row));
      int rows = (int) (segmentEnd - row);
      long tick = tickOf(segment, row, rows);
      if (rows == count
          && run.begins(
              signal, target, row, count, payload, tick, segment.deltaTicks(), time.endOf(row))) {
        return;
      }
      ByteBuffer part = payload;
      if (rows < count) {
        part =
            payload
                .slice(
                    payload.position() + (int) (row - firstRow) * sampleBytes, rows * sampleBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      target.block(
          SampleBlock.onLine(signal.remote, row, rows, part, tick, segment.deltaTicks()), false);
      row = segmentEnd;
    }
  }

  private static long tickOf(RowTime.Segment segment, long row, int rows) throws ProtocolException {
    try {
      segment.tickOf(row + rows);
      return segment.tickOf(row);
    } catch (ArithmeticException e) {
      throw new ProtocolException(
          Kind.BAD_DATA, "row " + row + " is out of range of " + segment, e);
    }
  }

  /** With the stamps that came last: those of the same rows, or of the same number. */
  private static void stamped(
      SessionSignal signal,
      SessionSignal domain,
      SampleTarget target,
      long row,
      ByteBuffer payload,
      int count) {
    long[] stamps = domain.stamps == null ? NO_STAMPS : domain.stamps;
    long offset = row - domain.stampsRow;
    if (stamps.length == count) {
      target.block(SampleBlock.stamped(signal.remote, row, stamps, payload), false);
    } else if (offset >= 0 && offset + count <= stamps.length) {
      long[] own = Arrays.copyOfRange(stamps, (int) offset, (int) offset + count);
      target.block(SampleBlock.stamped(signal.remote, row, own, payload), false);
    } else {
      target.block(SampleBlock.untimed(signal.remote, row, count, payload), false);
    }
  }

  /** Each value by itself: it holds from its row on. */
  private void constants(SessionSignal signal, SampleTarget target, ByteBuffer payload)
      throws ProtocolException {
    int sampleBytes = signal.reader.sampleBytes();
    if (sampleBytes == 0) {
      values(signal, target, payload);
      return;
    }
    SessionSignal domain = signal.domain;
    long tableRow = domain == null ? signal.nextRow : Math.max(signal.nextRow, domain.nextRow);
    ConstantPacket.Form form =
        sendsRawConstants.getAsBoolean() ? ConstantPacket.Form.RAW : ConstantPacket.Form.INDEXED;
    for (ConstantPacket.Entry entry : ConstantPacket.parse(payload, sampleBytes, form, tableRow)) {
      if (target != null) {
        target.block(constant(signal, domain, entry), true);
      }
    }
  }

  private static SampleBlock constant(
      SessionSignal signal, SessionSignal domain, ConstantPacket.Entry entry)
      throws ProtocolException {
    long row = entry.row();
    ByteBuffer value = sized(signal, entry.value());
    if (domain != null && domain.isLinearDomain() && domain.rowTime.isKnown()) {
      return SampleBlock.onLine(signal.remote, row, 1, value, domain.rowTime.tickOf(row), 0);
    }
    if (domain != null && domain.stamps != null && domain.stamps.length > 0) {
      long offset = row - domain.stampsRow;
      int last = domain.stamps.length - 1;
      int index = offset >= 0 && offset < last ? (int) offset : last;
      return SampleBlock.stamped(signal.remote, row, new long[] {domain.stamps[index]}, value);
    }
    return SampleBlock.untimed(signal.remote, row, 1, value);
  }

  /** Some devices send 8 bytes whatever the type is: an int64. */
  private static ByteBuffer sized(SessionSignal signal, ByteBuffer value) {
    int sampleBytes = signal.reader.sampleBytes();
    ElementType type = ElementType.of(signal.parsed.descriptor().dataType());
    if (value.remaining() == sampleBytes || type == null || type.bytes() != sampleBytes) {
      return value;
    }
    ByteBuffer converted = ByteBuffer.allocate(sampleBytes).order(ByteOrder.LITTLE_ENDIAN);
    type.putLong(converted, 0, ElementType.INT64.longAt(value, value.position()));
    return converted;
  }
}
