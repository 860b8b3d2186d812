/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.signal.api.StructBuffer;

/**
 * Consecutive samples of a signal, with the row and the domain value of each. Samples are decoded
 * when they are asked for. Immutable, safe for any thread; but one that a {@linkplain
 * SubscriptionOptions#isDirect direct} listener is given is gone when the call returns, unless it
 * is {@linkplain #copy copied}.
 */
public final class SampleBlock {
  private final RemoteSignal signal;
  private final long row;
  private final int count;
  private final ByteBuffer payload;
  private final boolean hasTicks;
  private final long[] stamps; // null: on a line
  private final long tick0;
  private final long deltaTicks;

  private SampleBlock(
      RemoteSignal signal,
      long row,
      int count,
      ByteBuffer payload,
      boolean hasTicks,
      long[] stamps,
      long tick0,
      long deltaTicks) {
    this.signal = signal;
    this.row = row;
    this.count = count;
    this.payload = payload;
    this.hasTicks = hasTicks;
    this.stamps = stamps;
    this.tick0 = tick0;
    this.deltaTicks = deltaTicks;
  }

  /**
   * {@return samples on a linear domain}
   *
   * @param signal what the device says of the signal
   * @param row row of the first sample
   * @param count how many
   * @param payload their little-endian bytes, from position to limit
   * @param tick domain value of the first one
   * @param deltaTicks distance of neighbours
   */
  public static SampleBlock onLine(
      RemoteSignal signal, long row, int count, ByteBuffer payload, long tick, long deltaTicks) {
    return new SampleBlock(signal, row, count, payload, true, null, tick, deltaTicks);
  }

  /**
   * {@return samples on an explicit domain}
   *
   * @param signal what the device says of the signal
   * @param row row of the first sample
   * @param stamps domain value of each sample; not to be changed any more
   * @param payload their little-endian bytes, from position to limit
   */
  public static SampleBlock stamped(
      RemoteSignal signal, long row, long[] stamps, ByteBuffer payload) {
    return new SampleBlock(signal, row, stamps.length, payload, true, stamps, 0, 0);
  }

  /**
   * {@return samples whose domain values the device has not told}
   *
   * @param signal what the device says of the signal
   * @param row row of the first sample
   * @param count how many
   * @param payload their little-endian bytes, from position to limit
   */
  public static SampleBlock untimed(RemoteSignal signal, long row, int count, ByteBuffer payload) {
    return new SampleBlock(signal, row, count, payload, false, null, 0, 0);
  }

  /** {@return a block that may be kept: bytes of its own} */
  public SampleBlock copy() {
    ByteBuffer own = ByteBuffer.allocate(payload.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    own.put(payload.duplicate()).flip();
    return new SampleBlock(signal, row, count, own, hasTicks, stamps, tick0, deltaTicks);
  }

  /** {@return what the device says of the signal} */
  public RemoteSignal signal() {
    return signal;
  }

  /** {@return row of the first sample in the signal's table} */
  public long row() {
    return row;
  }

  /** {@return number of samples} */
  public int count() {
    return count;
  }

  /** {@return bytes of the samples, as on the wire: little-endian, without padding; read-only} */
  public ByteBuffer payload() {
    return payload.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return the size of the samples in bytes} */
  public int bytes() {
    return payload.remaining();
  }

  /** {@return whether the domain values are known; without them the methods for them fail} */
  public boolean hasTicks() {
    return hasTicks;
  }

  /** {@return whether the samples are {@link #deltaTicks} apart, on a linear domain} */
  public boolean isOnLine() {
    return hasTicks && stamps == null;
  }

  /** {@return distance of neighbouring samples in ticks; 0 on an explicit domain} */
  public long deltaTicks() {
    return deltaTicks;
  }

  /**
   * {@return the domain value of a sample, in ticks}
   *
   * @param index 0 to {@code count() - 1}
   */
  public long tick(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("sample " + index + " of " + count);
    }
    if (!hasTicks) {
      throw new IllegalStateException(
          "signal " + signal.signalId() + ": the device has not told the domain of row " + row);
    }
    return stamps != null ? stamps[index] : tick0 + deltaTicks * index;
  }

  /** {@return the domain values of all samples, in ticks} */
  public long[] ticks() {
    long[] ticks = new long[count];
    for (int i = 0; i < count; i++) {
      ticks[i] = tick(i);
    }
    return ticks;
  }

  /**
   * {@return nanoseconds since 1970-01-01T00:00:00Z, as {@link TickTime#nanosOf}}
   *
   * @param index 0 to {@code count() - 1}
   * @throws IllegalStateException when the domain is no time
   */
  public long nanos(int index) {
    return time().nanosOf(tick(index));
  }

  /**
   * {@return the point in time of a sample, as {@link TickTime#instantOf}}
   *
   * @param index 0 to {@code count() - 1}
   * @throws IllegalStateException when the domain is no time
   */
  public Instant instant(int index) {
    return time().instantOf(tick(index));
  }

  private TickTime time() {
    if (signal.time() == null) {
      throw new IllegalStateException("signal " + signal.signalId() + ": its domain is no time");
    }
    return signal.time();
  }

  /**
   * {@return the samples as they are, without post-scaling: a new array of the type that {@link
   * org.daqstream.signal.api.DataTypes} tells, unsigned numbers as their bits, the elements of
   * dimensions one after the other; a {@link StructBuffer} for structs; a {@code byte[]} for a
   * binary sample}
   */
  public Object raw() {
    try {
      return signal.reader().readRaw(payload);
    } catch (ProtocolException e) {
      throw new IllegalStateException("signal " + signal.signalId() + ": " + e.getMessage(), e);
    }
  }

  /** {@return the samples as structs} */
  public StructBuffer structs() {
    if (raw() instanceof StructBuffer structs) {
      return structs;
    }
    throw new IllegalStateException("signal " + signal.signalId() + ": samples are no structs");
  }

  /** {@return the values of all samples, scaled; see {@link #values(double[], int)}} */
  public double[] values() {
    double[] values = new double[count * signal.reader().valuesPerSample()];
    values(values, 0);
    return values;
  }

  /**
   * The values of all samples: unsigned numbers are positive, post-scaling is applied. Allocates
   * nothing.
   *
   * @param target room for {@code count} times the values of a sample
   * @param offset index of the first value in the target
   * @return number of values
   * @throws IllegalStateException for struct and binary samples
   */
  public int values(double[] target, int offset) {
    try {
      return signal.reader().readValues(payload, target, offset);
    } catch (ProtocolException e) {
      throw new IllegalStateException("signal " + signal.signalId() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "SampleBlock[%s, row %d, %d samples]".formatted(signal.signalId(), row, count);
  }
}
