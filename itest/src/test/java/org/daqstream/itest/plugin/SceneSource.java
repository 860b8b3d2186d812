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
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/**
 * What a machine might send, for the viewer's tests and pictures: each value follows from its time
 * alone, {@code n} being the milliseconds since 1970. The formulas are repeated in {@code
 * viewer/scene.mjs}.
 */
public final class SceneSource implements AutoCloseable {
  /** Lines of the spectrum, {@link #LINE_HZ} apart. */
  public static final int LINES = 128;

  private static final double LINE_HZ = 12.5;
  private static final long MS = 1_000_000;

  /** Milliseconds from a block to the next, and from a spectrum to the next. */
  private static final int BLOCK = 50;

  /** One sample in so many is {@link #SPIKE}. */
  private static final int SPIKE_EVERY = 10_000;

  private static final double SPIKE = 100;

  private final List<SignalTable> tables = new ArrayList<>();
  private final SignalPort spike;
  private final SignalPort impedance;
  private final SignalPort climate;
  private final SignalPort valve;
  private final SignalPort spectrum;
  private final SignalPort log;
  private final SignalPort can;
  private final Thread thread;
  private volatile boolean running = true;

  /** As a component. */
  public SceneSource(SignalRegistry registry) {
    SignalTable fast = table(registry, SignalDescriptor.linearTime("scene/time", MS));
    spike = fast.open(SignalDescriptor.value("scene/spike", DataTypes.REAL64).build());
    impedance = fast.open(SignalDescriptor.value("scene/impedance", DataTypes.COMPLEX64).build());
    climate =
        fast.open(
            SignalDescriptor.value("scene/climate", DataTypes.STRUCT)
                .members(
                    List.of(
                        new StructMember("temperature", DataTypes.REAL64),
                        new StructMember("pressure", DataTypes.REAL32)))
                .build());
    valve =
        fast.open(
            SignalDescriptor.value("scene/valve", DataTypes.BIT_FIELD)
                .bits(
                    "uint8",
                    List.of(
                        new Bit(0, "open", ""),
                        new Bit(1, "moving", ""),
                        new Bit(2, "closed", ""),
                        new Bit(7, "fault", "")))
                .build());
    SignalTable slow = table(registry, SignalDescriptor.linearTime("scene/slow", BLOCK * MS));
    spectrum =
        slow.open(
            SignalDescriptor.value("scene/spectrum", DataTypes.REAL32)
                .unit(Unit.VOLT)
                .dimensions(
                    List.of(new Dimension.Linear("frequency", 0, LINE_HZ, LINES, Unit.HERTZ)))
                .build());
    SignalTable events = table(registry, SignalDescriptor.explicitTime("scene/events"));
    log = events.open(SignalDescriptor.text("scene/log").build());
    SignalTable bus = table(registry, SignalDescriptor.explicitTime("scene/bus"));
    can =
        bus.open(
            SignalDescriptor.value("scene/can", DataTypes.STRUCT)
                .members(CanFrame.MEMBERS)
                .build());
    thread = new Thread(this::run, "scene");
    thread.start();
  }

  private SignalTable table(SignalRegistry registry, SignalDescriptor domain) {
    SignalTable table = registry.openTable(domain);
    tables.add(table);
    return table;
  }

  private void run() {
    long n = System.currentTimeMillis() / BLOCK * BLOCK;
    while (running) {
      long dueMs = n + BLOCK;
      while (running && System.currentTimeMillis() < dueMs) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      writeFast(n);
      writeSpectrum(n);
      if (n / BLOCK % 10 == 0) {
        String text = "step " + n / BLOCK / 10 + ": <b>valve</b> " + (n / 2000 % 2 == 0);
        log.write(new long[] {n * MS}, new String[] {text}, 0, 1);
      }
      writeFrame(n);
      n += BLOCK;
    }
  }

  private void writeFast(long n) {
    double[] spikes = new double[BLOCK];
    ByteBuffer numbers = little(16);
    ByteBuffer states = little(12);
    ByteBuffer bits = little(1);
    for (int i = 0; i < BLOCK; i++) {
      long at = n + i;
      spikes[i] = at % SPIKE_EVERY == 0 ? SPIKE : (at * 7919 % 1000) / 1000.0;
      double angle = Math.PI * (at % 4000) / 2000;
      double magnitude = 50 + 20 * Math.sin(Math.PI * (at % 10_000) / 5000);
      numbers.putDouble(magnitude * Math.cos(angle)).putDouble(magnitude * Math.sin(angle));
      states.putDouble(20 + (at % 60_000) / 10_000.0).putFloat(1013 + at % 2000 / 1000f);
      bits.put(valve(at));
    }
    spike.write(n * MS, spikes, 0, BLOCK);
    impedance.write(n * MS, numbers.flip(), 0, BLOCK);
    climate.write(n * MS, states.flip(), 0, BLOCK);
    valve.write(n * MS, bits.flip(), 0, BLOCK);
  }

  /** Open, closed, and in between for a quarter of a second; at times a fault. */
  private static byte valve(long n) {
    long phase = n % 4000;
    boolean moves = phase % 2000 < 250;
    int state = moves ? 2 : phase < 2000 ? 1 : 4;
    return (byte) (state | (n % 12_000 < 100 ? 128 : 0));
  }

  /** A line that wanders to and fro, and one that stays. */
  private void writeSpectrum(long n) {
    ByteBuffer block = little(4 * LINES);
    double middle = 64 + 40 * Math.sin(Math.PI * (n % 8000) / 4000);
    for (int k = 0; k < LINES; k++) {
      double wandering = Math.exp(-(k - middle) * (k - middle) / 8);
      block.putFloat((float) (wandering + (k == 16 ? 0.5 : 0) + (k * 31L + n / BLOCK) % 7 / 100.0));
    }
    spectrum.write(n * MS, block.flip(), 0, 1);
  }

  private void writeFrame(long n) {
    ByteBuffer frame = little(69);
    frame.putInt(0x100 + (int) (n / BLOCK % 4)).put((byte) 8);
    for (int i = 0; i < 64; i++) {
      frame.put((byte) (i < 8 ? n / BLOCK + i : 0));
    }
    can.write(new long[] {n * MS + n % 1000}, frame.flip(), 0, 1);
  }

  private static ByteBuffer little(int sampleBytes) {
    int samples = sampleBytes > 16 ? 1 : BLOCK;
    return ByteBuffer.allocate(samples * sampleBytes).order(ByteOrder.LITTLE_ENDIAN);
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
