/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of a value signal: gives blocks their rows and hands them to the sinks' taps.
 *
 * <p>A block is checked with a writer of the port's own before anything else happens, so a wrong
 * one is refused whether or not anybody listens, and changes nothing.
 */
final class PublishedSignal implements SignalPort {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedSignal.class);

  /** A row that is not given. */
  private static final long TO_BE_PLACED = -2;

  private static final long BEFORE_ALL = -1;

  private final PublishedTable table;
  private final boolean ownsTable;
  private final TableLine.Position position = new TableLine.Position();
  private final BlockCounts blocks = new BlockCounts();
  private volatile SignalDescriptor descriptor;
  private volatile Route route;
  private volatile LastSample last; // null when none is promised
  private volatile boolean closed;
  private volatile Runnable demandListener = () -> {};
  private long failureLogged = -1; // service id of the writer's factory
  private boolean notKeptLogged;

  PublishedSignal(PublishedTable table, SignalDescriptor descriptor, boolean ownsTable) {
    this.table = table;
    this.descriptor = descriptor;
    this.ownsTable = ownsTable;
    route = Route.unavailable(descriptor, "not offered yet");
    last = LastSample.of(null, descriptor, descriptor);
  }

  @Override
  public SignalDescriptor descriptor() {
    return descriptor;
  }

  String signalId() {
    return descriptor.signalId();
  }

  /** Called by the structure queue. */
  void describe(SignalDescriptor newDescriptor) {
    last = LastSample.of(last, descriptor, newDescriptor);
    descriptor = newDescriptor;
  }

  /** The ticks so far mean something else. Called by the structure queue. */
  void forgetLast() {
    last = LastSample.of(null, descriptor, descriptor);
  }

  /** The last sample, for one who has published a route; {@code null} when there is none. */
  LastSample.Kept lastSample() {
    LastSample memory = last;
    return memory == null ? null : memory.read();
  }

  /** Called by the structure queue. */
  void route(Route newRoute) {
    route = newRoute;
    demandChanged();
  }

  @Override
  public void whenDemandChanges(Runnable changed) {
    demandListener = changed;
  }

  /** A sink may want something else than before. */
  void demandChanged() {
    try {
      demandListener.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Signal {}: its source failed on a change of its demand", signalId(), e);
    }
  }

  SignalState state() {
    Route now = route;
    return new SignalState(
        descriptor,
        table.domain().signalId(),
        table.bundleId(),
        now.reason().isEmpty(),
        now.reason(),
        blocks.toMap());
  }

  @Override
  public boolean hasSubscriber() {
    for (SignalTap tap : route.taps()) {
      try {
        if (tap.hasSubscriber()) {
          return !closed;
        }
      } catch (RuntimeException | LinkageError e) {
        logFailure(e);
      }
    }
    return false;
  }

  @Override
  public WriteResult write(long tick, Object samples, int offset, int count) {
    return write(true, TO_BE_PLACED, tick, null, samples, offset, count);
  }

  @Override
  public WriteResult write(long[] ticks, Object samples, int offset, int count) {
    return write(false, TO_BE_PLACED, 0, ticks, samples, offset, count);
  }

  @Override
  public WriteResult writeAt(long row, long tick, Object samples, int offset, int count) {
    return write(true, Math.max(row, BEFORE_ALL), tick, null, samples, offset, count);
  }

  @Override
  public WriteResult writeAt(long row, long[] ticks, Object samples, int offset, int count) {
    return write(false, Math.max(row, BEFORE_ALL), 0, ticks, samples, offset, count);
  }

  private WriteResult write(
      boolean asLine, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    table.beginWrite();
    try {
      table.require(asLine);
      if (closed || count == 0) {
        return closed ? WriteResult.CLOSED : WriteResult.ACCEPTED;
      }
      check(samples, offset, count);
      if (!asLine) {
        table.checkTicks(ticks, offset, count);
      }
      if (row != TO_BE_PLACED) {
        table.line().placeAt(position, row, count);
        long first = asLine ? tick : ticks[offset];
        return deliverChecked(row, first, ticks, samples, offset, count);
      }
      return asLine
          ? writeLine(tick, samples, offset, count)
          : writeRows(table.line().append(count), ticks, samples, offset, count);
    } finally {
      table.endWrite();
    }
  }

  @Override
  public WriteResult write(long tick, double sample) {
    return writeNumber(tick, true, Double.doubleToRawLongBits(sample));
  }

  @Override
  public WriteResult write(long tick, long sample) {
    return writeNumber(tick, false, sample);
  }

  private WriteResult writeNumber(long tick, boolean real, long bits) {
    table.beginWrite();
    try {
      if (closed) {
        return WriteResult.CLOSED;
      }
      Route now = route;
      if (now.holds(real, bits)) {
        return deliver(placeOne(tick), tick, stampOf(tick), now.single().array(), 0, 1);
      }
      if (now.writer() != null) {
        throw new IllegalArgumentException(
            "signal %s of type %s takes no single numbers: write an array or buffer"
                .formatted(signalId(), descriptor.dataType()));
      }
      long row = placeOne(tick);
      LastSample memory = last;
      if (memory != null) {
        memory.keepNumber(row, tick, real, bits);
      }
      Route next = route; // a writer that has come meanwhile may not know of the number
      return next.holds(real, bits)
          ? offerAll(next, row, tick, stampOf(tick), next.single().array(), 0, 1)
          : counted(WriteResult.NO_WRITER);
    } finally {
      table.endWrite();
    }
  }

  private long placeOne(long tick) {
    return table.isLinear() ? table.line().place(position, tick, 1) : table.line().append(1);
  }

  private long[] stampOf(long tick) {
    return table.isLinear() ? null : table.singleTick(tick);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Refuses a block that the data type does not take; part of a write that has begun.
   *
   * @throws IllegalArgumentException when the samples are of a wrong kind
   * @throws IndexOutOfBoundsException when the samples do not hold the block
   */
  void check(Object samples, int offset, int count) {
    if (count < 0) {
      throw new IndexOutOfBoundsException("signal " + signalId() + ": count is " + count);
    }
    if (samples == null) {
      throw new IllegalArgumentException("signal " + signalId() + ": samples is null");
    }
    Route now = route;
    int given = now.line() == null ? count : now.line().given(count);
    try {
      now.check(samples, offset, given);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw named(e);
    } catch (RuntimeException | LinkageError e) {
      logFailure(e); // the writers of the taps may do better
    }
  }

  /** Writes a checked block of a linear domain; part of a write that has begun. */
  WriteResult writeLine(long tick, Object samples, int offset, int count) {
    long row = table.line().place(position, tick, count);
    return deliverChecked(row, tick, null, samples, offset, count);
  }

  /** Writes a checked block of an explicit domain; part of a write that has begun. */
  WriteResult writeRows(long row, long[] ticks, Object samples, int offset, int count) {
    return deliverChecked(row, ticks[offset], ticks, samples, offset, count);
  }

  private WriteResult deliverChecked(
      long row, long tick, long[] ticks, Object given, int offset, int count) {
    Route now = route;
    if (now.line() != null) {
      return deliver(row, tick, ticks, now.line().expand(given, offset, count), offset, count);
    }
    BlockSizes sizes = now.sizes();
    if (sizes == null) {
      return deliver(row, tick, ticks, given, offset, count);
    }
    sizes.begin(given, offset, count);
    try {
      return deliver(row, tick, ticks, given, offset, count);
    } finally {
      sizes.end();
    }
  }

  private WriteResult deliver(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    LastSample memory = last;
    if (memory != null) {
      keepLast(memory, row, tick, ticks, samples, offset, count);
    }
    return offerAll(route, row, tick, ticks, samples, offset, count); // the route of this moment
  }

  private void keepLast(
      LastSample memory, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    int at = offset + count - 1;
    long lastTick =
        ticks == null ? tick + DescriptorRules.deltaTicks(table.domain()) * (count - 1) : ticks[at];
    Route now = route;
    boolean kept =
        memory.keep(row + count - 1, lastTick, samples, at, now.writer(), now.serviceId());
    if (!kept && !notKeptLogged) {
      notKeptLogged = true;
      LOG.warn(
          "Signal {}: its last sample is not kept for those who come later: {}",
          signalId(),
          now.writer() == null
              ? samples.getClass().getSimpleName() + " cannot be copied without a writer"
              : "its writer fails on it");
    }
  }

  private WriteResult offerAll(
      Route now, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    SignalTap[] taps = now.taps();
    if (taps.length == 1) {
      return counted(offer(taps[0], row, tick, ticks, samples, offset, count));
    }
    WriteResult best = now.nobody();
    RuntimeException refusal = null;
    for (SignalTap tap : taps) {
      try {
        best = BlockCounts.better(best, offer(tap, row, tick, ticks, samples, offset, count));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        refusal = e; // the other sinks get theirs
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return counted(best);
  }

  private WriteResult offer(
      SignalTap tap, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    try {
      WriteResult result = tap.accept(row, tick, ticks, samples, offset, count);
      return result == null ? WriteResult.FAILED : result;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw named(e);
    } catch (RuntimeException | LinkageError e) {
      logFailure(e);
      return WriteResult.FAILED;
    }
  }

  private WriteResult counted(WriteResult result) {
    blocks.count(result);
    return result;
  }

  private RuntimeException named(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("signal " + signalId())) {
      return e;
    }
    String namedMessage = "signal " + signalId() + ": " + message;
    RuntimeException named =
        e instanceof IllegalArgumentException
            ? new IllegalArgumentException(namedMessage)
            : new IndexOutOfBoundsException(namedMessage);
    named.initCause(e);
    return named;
  }

  /** Once for each writer. */
  private void logFailure(Throwable e) {
    Route now = route;
    if (failureLogged != now.serviceId()) {
      failureLogged = now.serviceId();
      LOG.warn(
          "Signal {}: its writer ({}) or a sink failed on a block; more failures are only counted",
          signalId(),
          now.origin(),
          e);
    }
  }

  @Override
  public void update(SignalDescriptor newDescriptor) {
    DescriptorRules.checkUpdate(descriptor, newDescriptor);
    DescriptorRules.checkValue(newDescriptor);
    if (closed) {
      throw new IllegalStateException("signal " + signalId() + " is closed");
    }
    table.offers().update(this, newDescriptor);
  }

  @Override
  public void close() {
    if (ownsTable) {
      table.close();
    } else {
      table.close(this);
    }
  }

  /** Makes the port refuse blocks. */
  void markClosed() {
    closed = true;
  }

  PublishedTable table() {
    return table;
  }

  @Override
  public String toString() {
    return "port of " + descriptor;
  }
}
