/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.writer.support.FixedSizeWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a file's code write the samples of one signal, on the publisher's thread. A block on which
 * the code fails is a hole; the code starts again after a while, and until then all blocks are.
 */
final class WasmSignalWriter extends FixedSizeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(WasmSignalWriter.class);

  private final String signalId;
  private final int sampleBytes;
  private final WasmWriters source;
  private final ModuleSettings settings;
  private final ModuleCounters counters;
  private final WriterSide side;
  private final CallGuard guard = new CallGuard();
  private final Backoff backoff;
  private final ProblemLog problems = new ProblemLog(LOG::error);
  private volatile boolean isClosed;
  private volatile ModuleCode code; // null: none runs
  private String reason = "";
  private long startAtNanos = System.nanoTime();

  WasmSignalWriter(
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      int sampleBytes,
      WasmWriters source,
      ModuleSettings settings,
      ModuleCounters counters) {
    super(descriptor, definition, "double[]", sampleBytes, sampleBytes);
    this.signalId = descriptor.signalId();
    this.sampleBytes = sampleBytes;
    this.source = source;
    this.settings = settings;
    this.counters = counters;
    this.side = new WriterSide(settings);
    this.backoff = new Backoff(settings.backoffMaxMs(), ThreadLocalRandom.current());
  }

  /** By the watch: ends a call that takes too long; tells whether there is a call. */
  boolean look(long nowNanos) {
    guard.check(nowNanos, settings.overtime());
    return guard.isInside();
  }

  /** Ends what is written now, and writes nothing any more. */
  void close() {
    isClosed = true;
    guard.end("the runtime of modules ends");
  }

  /** Any thread. */
  long memoryBytes() {
    ModuleCode current = code;
    return current == null ? 0 : current.memoryBytes();
  }

  @Override
  public Object newSample() {
    return new double[1];
  }

  @Override
  protected int samplesIn(Object samples) {
    return samples instanceof double[] numbers ? numbers.length : -1;
  }

  @Override
  protected void put(Object samples, int offset, int count, ByteBuffer target) {
    try {
      if (target.remaining() < count * sampleBytes) {
        throw new BufferOverflowException();
      }
      if (isClosed) {
        throw new IllegalStateException("its data type is gone");
      }
      if (code == null) {
        start();
      }
      counters.event();
      code.encode((double[]) samples, offset, count, sampleBytes, target);
      counters.busy(code);
    } catch (ModuleFailure e) {
      fail(e);
      throw new IllegalStateException(reason);
    }
  }

  private void start() throws ModuleFailure {
    if (System.nanoTime() - startAtNanos < 0) {
      throw new IllegalStateException(reason);
    }
    code = source.start(guard, side);
  }

  private void fail(ModuleFailure failure) {
    if (code != null) {
      counters.busy(code);
      code = null;
    }
    reason = settings.instance() + " does not write " + signalId + ": " + failure.getMessage();
    startAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
    problems.say(reason + "; it starts again within " + settings.backoffMaxMs() + " ms");
    counters.failure();
  }
}
