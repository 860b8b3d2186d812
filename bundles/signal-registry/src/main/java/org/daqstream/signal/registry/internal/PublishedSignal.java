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

  private final PublishedTable table;
  private final boolean ownsTable;
  private final TableLine.Position position = new TableLine.Position();
  private final BlockCounts blocks = new BlockCounts();
  private volatile SignalDescriptor descriptor;
  private volatile Route route = Route.unavailable("not offered yet");
  private volatile boolean closed;
  private boolean failureLogged;

  PublishedSignal(PublishedTable table, SignalDescriptor descriptor, boolean ownsTable) {
    this.table = table;
    this.descriptor = descriptor;
    this.ownsTable = ownsTable;
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
    descriptor = newDescriptor;
  }

  /** Called by the structure queue. */
  void route(Route newRoute) {
    route = newRoute;
  }

  SignalState state() {
    final Route now = route;
    return new SignalState(
        descriptor, table.domain().signalId(), now.writer != null, now.reason, blocks.toMap());
  }

  @Override
  public boolean hasSubscriber() {
    for (final SignalTap tap : route.taps) {
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
    table.beginWrite();
    try {
      table.requireLinear();
      if (closed || count == 0) {
        return closed ? WriteResult.CLOSED : WriteResult.ACCEPTED;
      }
      check(samples, offset, count);
      return writeLine(tick, samples, offset, count);
    } finally {
      table.endWrite();
    }
  }

  @Override
  public WriteResult write(long[] ticks, Object samples, int offset, int count) {
    table.beginWrite();
    try {
      table.requireExplicit();
      if (closed || count == 0) {
        return closed ? WriteResult.CLOSED : WriteResult.ACCEPTED;
      }
      check(samples, offset, count);
      table.checkTicks(ticks, offset, count);
      return writeRows(table.line().append(count), ticks, samples, offset, count);
    } finally {
      table.endWrite();
    }
  }

  @Override
  public WriteResult write(long tick, double sample) {
    table.beginWrite();
    try {
      final Route now = route;
      if (now.single != null && now.single.set(sample)) {
        return writeSingle(now, tick);
      }
      return writeNoSingle(now, tick);
    } finally {
      table.endWrite();
    }
  }

  @Override
  public WriteResult write(long tick, long sample) {
    table.beginWrite();
    try {
      final Route now = route;
      if (now.single != null && now.single.set(sample)) {
        return writeSingle(now, tick);
      }
      return writeNoSingle(now, tick);
    } finally {
      table.endWrite();
    }
  }

  private WriteResult writeSingle(Route now, long tick) {
    if (closed) {
      return WriteResult.CLOSED;
    }
    final boolean linear = table.isLinear();
    final long row = linear ? table.line().place(position, tick, 1) : table.line().append(1);
    final long[] ticks = linear ? null : table.singleTick(tick);
    return deliver(now, row, tick, ticks, now.single.array(), 0, 1);
  }

  private WriteResult writeNoSingle(Route now, long tick) {
    if (closed) {
      return WriteResult.CLOSED;
    }
    if (now.writer != null) {
      throw new IllegalArgumentException(
          "signal "
              + signalId()
              + " of type "
              + descriptor.dataType()
              + " takes no single numbers: write an array or buffer");
    }
    if (table.isLinear()) {
      table.line().place(position, tick, 1);
    } else {
      table.line().append(1);
    }
    return counted(WriteResult.NO_WRITER);
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
    final Route now = route;
    if (now.writer != null) {
      try {
        final int given = now.line == null ? count : now.line.given(count);
        now.writer.encodedBytes(samples, offset, given);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw named(e);
      } catch (RuntimeException | LinkageError e) {
        logFailure(e); // the writers of the taps may do better
      }
    }
  }

  /** Writes a checked block of a linear domain; part of a write that has begun. */
  WriteResult writeLine(long tick, Object samples, int offset, int count) {
    final long row = table.line().place(position, tick, count);
    final Route now = route;
    return deliver(now, row, tick, null, samplesOf(now, samples, offset, count), offset, count);
  }

  /** Writes a checked block of an explicit domain; part of a write that has begun. */
  WriteResult writeRows(long row, long[] ticks, Object samples, int offset, int count) {
    final Route now = route;
    return deliver(
        now, row, ticks[offset], ticks, samplesOf(now, samples, offset, count), offset, count);
  }

  private static Object samplesOf(Route now, Object given, int offset, int count) {
    return now.line == null ? given : now.line.expand(given, offset, count);
  }

  private WriteResult deliver(
      Route now, long row, long tick, long[] ticks, Object samples, int offset, int count) {
    final SignalTap[] taps = now.taps;
    if (taps.length == 1) {
      return counted(offer(taps[0], row, tick, ticks, samples, offset, count));
    }
    WriteResult best = now.nobody();
    RuntimeException refusal = null;
    for (final SignalTap tap : taps) {
      try {
        best = better(best, offer(tap, row, tick, ticks, samples, offset, count));
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
      final WriteResult result = tap.accept(row, tick, ticks, samples, offset, count);
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

  private static WriteResult better(WriteResult one, WriteResult other) {
    return weight(other) > weight(one) ? other : one;
  }

  private static int weight(WriteResult result) {
    return switch (result) {
      case ACCEPTED -> 3;
      case TOO_LARGE -> 2;
      case FAILED -> 1;
      case NO_SUBSCRIBER, NO_WRITER, CLOSED -> 0;
    };
  }

  private RuntimeException named(RuntimeException e) {
    final String message = String.valueOf(e.getMessage());
    if (message.contains("signal " + signalId())) {
      return e;
    }
    final String namedMessage = "signal " + signalId() + ": " + message;
    final RuntimeException named =
        e instanceof IllegalArgumentException
            ? new IllegalArgumentException(namedMessage)
            : new IndexOutOfBoundsException(namedMessage);
    named.initCause(e);
    return named;
  }

  private void logFailure(Throwable e) {
    if (!failureLogged) {
      failureLogged = true;
      LOG.warn(
          "Signal {}: its writer or a sink failed on a block; more failures are only counted",
          signalId(),
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
