/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/**
 * Signals of every data type, rule and kind of time. Each value follows from its time alone, so
 * that a client checks it without knowing anything else: {@code n} is the milliseconds since 1970,
 * and the formulas are repeated in {@code sdk/kinds.py}.
 */
public final class EveryKindSource implements AutoCloseable {
  private static final long MS = 1_000_000;
  private static final int BLOCK = 20;
  private static final long BITS = 0x9E3779B97F4A7C15L;
  private static final long HALF_REAL = Double.doubleToLongBits(0.5);

  /** Puts the sample of a millisecond. */
  private interface Sample {
    void put(ByteBuffer target, long n);
  }

  private record Channel(SignalPort port, Sample sample, ByteBuffer block) {}

  private final List<SignalTable> tables = new ArrayList<>();
  private final List<Channel> plain = new ArrayList<>();
  private final SignalTable even;
  private final SignalTable changing;
  private final SignalPort gaps;
  private final SignalPort line;
  private final SignalPort constant;
  private final SignalPort rated;
  private final SignalPort event;
  private final SignalPort pair;
  private final SignalPort state;
  private final Thread thread;
  private volatile boolean running = true;

  /** As a component. */
  public EveryKindSource(SignalRegistry registry) {
    even = table(registry, SignalDescriptor.linearTime("even/time", MS));
    integers();
    reals();
    shapes();
    gaps = even.open(SignalDescriptor.value("even/gaps", DataTypes.INT64).build());
    line =
        even.open(
            SignalDescriptor.value("even/line", DataTypes.INT64)
                .rule(new Rule.LinearValue(3))
                .build());
    constant =
        even.open(
            SignalDescriptor.value("even/constant", DataTypes.INT32).rule(Rule.CONSTANT).build());
    changing = table(registry, SignalDescriptor.linearTime("changing/time", MS));
    rated = changing.open(SignalDescriptor.value("changing/value", DataTypes.INT64).build());
    SignalTable events = table(registry, SignalDescriptor.explicitTime("event/time"));
    event = events.open(SignalDescriptor.value("event/value", DataTypes.INT64).build());
    pair = events.open(SignalDescriptor.value("event/pair", DataTypes.REAL64).build());
    state =
        events.open(
            SignalDescriptor.value("event/state", DataTypes.INT32).rule(Rule.CONSTANT).build());
    SignalTable bytes = table(registry, SignalDescriptor.explicitTime("bytes/time"));
    bytes.open(SignalDescriptor.value("bytes/binary", DataTypes.BINARY).build());
    bytes.open(SignalDescriptor.text("bytes/text").build());
    thread = new Thread(this::run, "every-kind");
    thread.start();
  }

  private SignalTable table(SignalRegistry registry, SignalDescriptor domain) {
    SignalTable table = registry.openTable(domain);
    tables.add(table);
    return table;
  }

  private void open(SignalDescriptor.Builder signal, int sampleBytes, Sample sample) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK * sampleBytes).order(ByteOrder.LITTLE_ENDIAN);
    plain.add(new Channel(even.open(signal.build()), sample, block));
  }

  private static SignalDescriptor.Builder value(String dataType) {
    return SignalDescriptor.value("even/" + dataType, dataType);
  }

  /** Now and then the least, the greatest and zero; else all bits change. */
  private static long bits(long n) {
    return switch ((int) (n & 15)) {
      case 3 -> 0;
      case 7 -> -1;
      case 11 -> Long.MIN_VALUE >> (n >> 4 & 63);
      default -> n * BITS ^ n;
    };
  }

  private static double real(long n) {
    return switch ((int) (n & 15)) {
      case 1 -> Double.NaN;
      case 5 -> Double.POSITIVE_INFINITY;
      case 9 -> Double.NEGATIVE_INFINITY;
      case 13 -> -0.0;
      default -> (n % 100_000) * Double.longBitsToDouble(HALF_REAL);
    };
  }

  private void integers() {
    open(value(DataTypes.INT8).range(-128, 127), 1, (to, n) -> to.put((byte) bits(n)));
    open(value(DataTypes.UINT8), 1, (to, n) -> to.put((byte) bits(n)));
    open(value(DataTypes.INT16), 2, (to, n) -> to.putShort((short) bits(n)));
    open(value(DataTypes.UINT16), 2, (to, n) -> to.putShort((short) bits(n)));
    open(value(DataTypes.INT32), 4, (to, n) -> to.putInt((int) bits(n)));
    open(value(DataTypes.UINT32), 4, (to, n) -> to.putInt((int) bits(n)));
    open(value(DataTypes.INT64), 8, (to, n) -> to.putLong(bits(n)));
    open(value(DataTypes.UINT64), 8, (to, n) -> to.putLong(bits(n)));
    open(value(DataTypes.INT128), 16, (to, n) -> to.putLong(bits(n)).putLong(bits(n + 1)));
    open(value(DataTypes.UINT128), 16, (to, n) -> to.putLong(bits(n)).putLong(bits(n + 1)));
    open(
        value(DataTypes.BIT_FIELD).bits("uint16", List.of(new Bit(0, "on", "u-0"))),
        2,
        (to, n) -> to.putShort((short) bits(n)));
  }

  private void reals() {
    open(value(DataTypes.REAL32), 4, (to, n) -> to.putFloat((float) real(n)));
    open(value(DataTypes.REAL64).unit(Unit.HERTZ), 8, (to, n) -> to.putDouble(real(n)));
    open(
        value(DataTypes.COMPLEX32),
        8,
        (to, n) -> to.putFloat((float) real(n)).putFloat((float) real(n + 1)));
    open(
        value(DataTypes.COMPLEX64).unit(Unit.HERTZ).range(-1, 1),
        16,
        (to, n) -> to.putDouble(real(n)).putDouble(real(n + 1)));
  }

  private void shapes() {
    Dimension frequency = new Dimension.Linear("frequency", 100, 12.5, 4, Unit.HERTZ);
    Dimension axis = new Dimension.Values("axis", List.of("x", "y"), Unit.NONE);
    Dimension column = new Dimension.Linear("column", 0, 1, 2, Unit.NONE);
    open(
        SignalDescriptor.value("even/vector", DataTypes.REAL64)
            .unit(Unit.HERTZ)
            .dimensions(List.of(frequency)),
        32,
        (to, n) -> elements(to, n, 4));
    open(
        SignalDescriptor.value("even/matrix", DataTypes.REAL64)
            .dimensions(List.of(frequency, column)),
        64,
        (to, n) -> elements(to, n, 8));
    open(
        SignalDescriptor.value("even/axes", DataTypes.REAL64).dimensions(List.of(axis)),
        16,
        (to, n) -> elements(to, n, 2));
    open(
        SignalDescriptor.value("even/can", DataTypes.STRUCT).members(CanFrame.MEMBERS),
        69,
        (to, n) -> {
          to.putInt((int) bits(n)).put((byte) 64);
          for (int i = 0; i < 64; i++) {
            to.put((byte) (n + i));
          }
        });
  }

  private static void elements(ByteBuffer target, long n, int count) {
    for (int i = 0; i < count; i++) {
      target.putDouble(real(n + i));
    }
  }

  private void run() {
    long n = System.currentTimeMillis() / BLOCK * BLOCK;
    while (running) {
      long dueMs = n + BLOCK;
      while (running && System.currentTimeMillis() < dueMs) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      writeEven(n);
      writeChanging(n);
      writeEvents(n);
      n += BLOCK;
    }
  }

  private void writeEven(long n) {
    for (Channel channel : plain) {
      ByteBuffer block = channel.block().clear();
      for (int i = 0; i < BLOCK; i++) {
        channel.sample().put(block, n + i);
      }
      channel.port().write(n * MS, block.flip(), 0, BLOCK);
    }
    line.write(n * MS, new long[] {3 * n}, 0, BLOCK);
    if (n / 200 % 3 != 0) {
      long[] block = new long[BLOCK];
      for (int i = 0; i < BLOCK; i++) {
        block[i] = n + i;
      }
      gaps.write(n * MS, block, 0, BLOCK);
    }
    if (n / BLOCK % 5 == 0) {
      constant.write((n + 7) * MS, n + 7);
    }
  }

  /** Every second the rate changes between 1 and 2 ms. */
  private void writeChanging(long n) {
    long stepMs = 1 + n / 1000 % 2;
    Rule.Linear rule = new Rule.Linear(stepMs * MS);
    if (!changing.domain().rule().equals(rule)) {
      changing.updateDomain(changing.domain().toBuilder().rule(rule).build());
    }
    int count = BLOCK / (int) stepMs;
    long[] block = new long[count];
    for (int i = 0; i < count; i++) {
      block[i] = n + i * stepMs;
    }
    rated.write(n * MS, block, 0, count);
  }

  /** Stamps to the nanosecond; the value is the stamp's remainder. */
  private void writeEvents(long n) {
    long[] stamps = {n * MS + 1, n * MS + 1, n * MS + 777, (n + 3) * MS + n % 1000};
    long[] values = new long[stamps.length];
    double[] reals = new double[stamps.length];
    for (int i = 0; i < stamps.length; i++) {
      values[i] = stamps[i] % 1_000_003;
      reals[i] = values[i];
    }
    event.write(stamps, values, 0, values.length);
    pair.write(stamps, reals, 0, reals.length);
    if (n / BLOCK % 10 == 0) {
      state.write((n + 4) * MS, n);
    }
  }

  /** Also called by the component runtime. */
  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tables.forEach(SignalTable::close);
  }
}
