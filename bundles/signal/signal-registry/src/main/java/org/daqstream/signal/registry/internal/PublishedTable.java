/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** A published domain signal with its ports. */
final class PublishedTable implements SignalTable {
  private final SignalCatalogue catalogue;
  private final long bundleId;
  private final TableLine line;
  private final boolean linear;
  private final long[] singleTick = new long[1];
  private volatile SignalDescriptor domain;
  private volatile PublishedSignal[] ports = {}; // replaced under the lock of this
  private volatile boolean closed; // set under the lock of this

  /** Plain on purpose: finds most cases of two writing threads and costs next to nothing. */
  private boolean writing;

  PublishedTable(SignalCatalogue catalogue, SignalDescriptor domain, long bundleId) {
    this.catalogue = catalogue;
    this.bundleId = bundleId;
    this.domain = domain;
    linear = domain.rule() instanceof Rule.Linear;
    line = new TableLine(DescriptorRules.deltaTicks(domain));
  }

  long bundleId() {
    return bundleId;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public SignalDescriptor domain() {
    return domain;
  }

  /** Called by the structure queue, while the writing thread waits. */
  void describe(SignalDescriptor newDomain) {
    if (!LastSample.sameTicks(domain, newDomain)) {
      List.of(ports).forEach(PublishedSignal::forgetLast);
    }
    domain = newDomain;
    line.setDeltaTicks(DescriptorRules.deltaTicks(newDomain));
  }

  TableLine line() {
    return line;
  }

  Offers offers() {
    return catalogue.offers();
  }

  boolean isLinear() {
    return linear;
  }

  @Override
  public SignalPort open(SignalDescriptor value) {
    return open(value, false);
  }

  PublishedSignal open(SignalDescriptor value, boolean ownsTable) {
    DescriptorRules.checkValue(value);
    catalogue.reserve(value.signalId());
    PublishedSignal signal = new PublishedSignal(this, value, ownsTable);
    synchronized (this) {
      if (!closed) {
        List<PublishedSignal> more = new ArrayList<>(List.of(ports));
        more.add(signal);
        ports = more.toArray(PublishedSignal[]::new);
      } else {
        signal.markClosed();
      }
    }
    if (signal.isClosed()) {
      catalogue.release(value.signalId());
      throw new IllegalStateException(
          "table " + domain.signalId() + " is closed, signal " + value.signalId() + " cannot open");
    }
    offers().signalOpened(signal);
    return signal;
  }

  @Override
  public List<SignalPort> ports() {
    return List.of(ports);
  }

  /** The domain signal and the values. */
  List<SignalState> states() {
    SignalDescriptor now = domain;
    List<SignalState> states = new ArrayList<>();
    states.add(new SignalState(now, now.signalId(), bundleId, true, "", Map.of()));
    for (PublishedSignal signal : ports) {
      states.add(signal.state());
    }
    return states;
  }

  @Override
  public WriteResult write(long tick, Object[] samples, int offset, int count) {
    return write(true, tick, null, samples, offset, count);
  }

  @Override
  public WriteResult write(long[] ticks, Object[] samples, int offset, int count) {
    return write(false, 0, ticks, samples, offset, count);
  }

  private WriteResult write(
      boolean asLine, long tick, long[] ticks, Object[] samples, int offset, int count) {
    beginWrite();
    try {
      require(asLine);
      PublishedSignal[] now = ports;
      if (closed) {
        return WriteResult.CLOSED;
      }
      check(now, samples, offset, count);
      if (!asLine) {
        checkTicks(ticks, offset, count);
      }
      if (count == 0) {
        return WriteResult.ACCEPTED;
      }
      long row = asLine ? 0 : line.append(count);
      WriteResult result = null;
      for (int i = 0; i < now.length; i++) {
        if (samples[i] != null) {
          WriteResult next =
              asLine
                  ? now[i].writeLine(tick, samples[i], offset, count)
                  : now[i].writeRows(row, ticks, samples[i], offset, count);
          result = firstOrAccepted(result, next);
        }
      }
      return result == null ? WriteResult.NO_SUBSCRIBER : result;
    } finally {
      endWrite();
    }
  }

  private static WriteResult firstOrAccepted(WriteResult first, WriteResult next) {
    return first == null || next == WriteResult.ACCEPTED ? next : first;
  }

  /** Checks all before any is written. */
  private void check(PublishedSignal[] now, Object[] samples, int offset, int count) {
    if (count < 0) {
      throw new IndexOutOfBoundsException("table " + domain.signalId() + ": count is " + count);
    }
    if (samples.length != now.length) {
      throw new IllegalArgumentException(
          "table %s has %s signals, samples are given for %s"
              .formatted(domain.signalId(), now.length, samples.length));
    }
    for (int i = 0; i < now.length; i++) {
      if (samples[i] != null) {
        now[i].check(samples[i], offset, count);
      }
    }
  }

  void checkTicks(long[] ticks, int offset, int count) {
    if ((offset | count) < 0 || count > ticks.length - offset) {
      throw new IndexOutOfBoundsException(
          "table %s: block of %s samples at %s is not within the %s ticks given"
              .formatted(domain.signalId(), count, offset, ticks.length));
    }
  }

  /** The tick as the stamps of a block of one sample; good until the next call. */
  long[] singleTick(long tick) {
    singleTick[0] = tick;
    return singleTick;
  }

  void require(boolean asLine) {
    if (asLine != linear) {
      throw new IllegalStateException(
          "table %s has %s"
              .formatted(
                  domain.signalId(),
                  linear
                      ? "a linear domain: write with the block's first tick"
                      : "an explicit domain: write with one tick per sample"));
    }
  }

  void beginWrite() {
    if (writing) {
      throw new IllegalStateException(
          "table " + domain.signalId() + " is written to by two threads at once");
    }
    writing = true;
  }

  void endWrite() {
    writing = false;
  }

  @Override
  public void updateDomain(SignalDescriptor newDomain) {
    DescriptorRules.checkDomainUpdate(domain, newDomain);
    if (closed) {
      throw new IllegalStateException("table " + domain.signalId() + " is closed");
    }
    offers().updateDomain(this, newDomain);
  }

  /** Closes one port; closing it twice does nothing. */
  void close(PublishedSignal signal) {
    synchronized (this) {
      List<PublishedSignal> fewer = new ArrayList<>(List.of(ports));
      if (!fewer.remove(signal)) {
        return;
      }
      ports = fewer.toArray(PublishedSignal[]::new);
    }
    signal.markClosed();
    offers().signalClosed(signal);
    catalogue.release(signal.signalId());
  }

  @Override
  public void close() {
    PublishedSignal[] last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = ports;
      ports = new PublishedSignal[0];
    }
    for (PublishedSignal signal : last) {
      signal.markClosed();
    }
    offers().tableClosed(this);
    for (PublishedSignal signal : last) {
      catalogue.release(signal.signalId());
    }
    catalogue.tableClosed(this);
  }

  @Override
  public String toString() {
    return "table of " + domain;
  }
}
