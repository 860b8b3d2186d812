/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.registry.internal.SignalCatalogue;
import org.daqstream.writer.binary.internal.BinaryWriterFactory;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;

/** A registry with a recorder whose steps and time the test makes. */
final class TestBench {
  static final long MILLISECOND = 1_000_000;

  /** The wall clock when the test begins. */
  static final Instant BEGIN = Instant.parse("2026-11-30T03:59:58Z");

  private static final List<String> TYPES = List.of("real64", "int64", "int32", "uint8");

  final SignalCatalogue catalogue;
  final MemoryFormat format = new MemoryFormat();
  final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
  final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE / 2);
  final Settings settings;
  final RecordingFolder folder;
  final RecordingLoop loop;
  private final RecorderSink sink;

  TestBench(Path path, Object... keysAndValues) {
    this(new SignalCatalogue(), path, keysAndValues);
    call("addWriterFactory", new NumericWriterFactory(), properties(1, TYPES));
    call("addWriterFactory", new BinaryWriterFactory(), properties(2, List.of("binary")));
    List<String> failing = List.of(FailingWriterFactory.TYPE);
    call("addWriterFactory", new FailingWriterFactory(), properties(3, failing));
  }

  /** With a registry that another one has recorded of. */
  TestBench(SignalCatalogue catalogue, Path path, Object... keysAndValues) {
    this.catalogue = catalogue;
    Map<String, Object> keys = new HashMap<>();
    keys.put("folder", path.toString());
    keys.put("format", "mem");
    keys.put("segmentSeconds", 0);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      keys.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    settings = SettingsTest.settings(keys);
    folder = new RecordingFolder("test", settings, clock(), any -> freeBytes.get());
    loop = new RecordingLoop("test", settings, folder, clock(), nanos::get);
    sink = new RecorderSink(loop);
    call("addSink", sink);
    loop.begin();
  }

  private static Map<String, Object> properties(long id, List<String> types) {
    return Map.of("service.id", id, SignalWriterFactory.SIGNAL_DATATYPE, types);
  }

  /** What the component runtime would call. */
  private void call(String name, Object... arguments) {
    try {
      for (Method method : catalogue.getClass().getDeclaredMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
          method.setAccessible(true);
          method.invoke(catalogue, arguments);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  Clock clock() {
    long start = nanos.get();
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return BEGIN.plusNanos(nanos.get() - start);
      }
    };
  }

  TestBench withFormat() {
    setFormat(format);
    return this;
  }

  /** As the thread of the recorder is, which takes calls while it steps. */
  void setFormat(RecordingFormat now) {
    try {
      loop.setFormat(now, 0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    loop.step();
  }

  /** Lets time pass in small steps. */
  void pass(long milliseconds) {
    for (long done = 0; done < milliseconds; done += 20) {
      while (loop.step() == 0) {}
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
    }
    while (loop.step() == 0) {}
  }

  /** Ends as a deleted configuration does. */
  void end() {
    try {
      loop.close(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    while (loop.step() == 0) {}
    call("removeSink", sink);
    folder.close();
  }

  RecorderStatus status() {
    pass(200);
    return loop.board().status();
  }

  /** A signal with a line of milliseconds of its own. */
  SignalPort open(String id) {
    return catalogue.open(
        SignalDescriptor.linearTime(id + "/time", MILLISECOND),
        SignalDescriptor.value(id, "real64").build());
  }

  /** Writes rows that have their own number as a value. */
  static void write(SignalPort port, long row, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = row + i;
    }
    port.write(row * MILLISECOND, values, 0, count);
  }

  /** All samples of a signal in all files. */
  NavigableMap<Long, MemoryFormat.Sample> samples(String id) {
    TreeMap<Long, MemoryFormat.Sample> all = new TreeMap<>();
    format.files.forEach(
        file -> {
          if (!file.problems.isEmpty()) {
            throw new AssertionError(file.problems);
          }
          file.samples
              .getOrDefault(id, new TreeMap<>())
              .forEach(
                  (row, sample) -> {
                    if (all.put(row, sample) != null) {
                      throw new AssertionError("row " + row + " is in two files");
                    }
                  });
        });
    return all;
  }

  List<RecordingHole> holes(String id) {
    return format.files.stream()
        .flatMap(file -> file.holes.stream())
        .filter(hole -> hole.signalId().equals(id))
        .toList();
  }

  /**
   * Every row up to an end is there with its tick and value, or is in exactly one hole with the
   * ticks at both ends; how many are there.
   */
  long assertComplete(String id, long endRow) throws IOException {
    NavigableMap<Long, MemoryFormat.Sample> samples = samples(id);
    boolean[] isTold = new boolean[(int) endRow];
    for (RecordingHole hole : holes(id)) {
      check(hole.fromRow() < hole.toRow() && hole.toRow() <= endRow, hole);
      check(hole.isTimeKnown(), hole);
      check(hole.fromTick() == hole.fromRow() * MILLISECOND, hole);
      check(hole.toTick() == hole.toRow() * MILLISECOND, hole);
      for (long row = hole.fromRow(); row < hole.toRow(); row++) {
        check(!isTold[(int) row] && !samples.containsKey(row), hole);
        isTold[(int) row] = true;
      }
    }
    for (long row = 0; row < endRow; row++) {
      MemoryFormat.Sample sample = samples.get(row);
      check((sample != null) != isTold[(int) row], "row " + row + ": " + sample);
      if (sample != null) {
        check(sample.tick() == row * MILLISECOND && sample.value() == row, "row " + row);
      }
    }
    check(samples.isEmpty() || samples.lastKey() < endRow, "too much");
    return samples.size();
  }

  private static void check(boolean isSo, Object what) {
    if (!isSo) {
      throw new AssertionError(what);
    }
  }
}
