/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.DomainPair;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A table's end at the shared log: appends the blocks of its signals as frames, and in front of
 * them the domain pairs that clients need. Clients keep only the latest pair, so a block that does
 * not lie on the line announced last gets its line announced again (protocol section 3.2).
 */
public final class LogTable implements TableTap {
  private final LogPublisher publisher;
  public final LogSignal domain;
  final LogClaim claim = new LogClaim();
  private Slab slab; // of the view
  private ByteBuffer view;

  private final Set<LogSignal> values = ConcurrentHashMap.newKeySet();
  private final AtomicInteger subscribedValues = new AtomicInteger();
  private final boolean listed;
  private int publicValues; // belongs to the structural calls, with the one below
  private boolean domainOffered;
  private volatile boolean announced;
  private long announcedRow;
  private long announcedTick;
  private volatile long deltaTicks;
  private final AtomicLong endRow = new AtomicLong(); // written by the publisher alone

  /** A table whose signals clients are offered if it is listed. */
  LogTable(LogPublisher publisher, SignalDescriptor descriptor, boolean listed) {
    this.publisher = publisher;
    this.listed = listed;
    this.domain = new LogSignal(publisher, this, publisher.numbers().take(), null);
    setDelta(descriptor);
    domain.describe(domainVersion(descriptor));
    offerDomain();
  }

  private SignalVersion domainVersion(SignalDescriptor descriptor) {
    return new SignalVersion(
        domain.signo, descriptor, Map.of("dataType", descriptor.dataType()), descriptor);
  }

  /** A domain that is not public is offered as long as a public value needs it. */
  private void offerDomain() {
    boolean needed = listed && (domain.version().descriptor.isPublic() || publicValues > 0);
    if (needed && !domainOffered) {
      publisher.offer(domain, domain.version());
    } else if (!needed && domainOffered) {
      publisher.hide(domain);
    }
    domainOffered = needed;
  }

  public boolean isLinear() {
    return deltaTicks != 0;
  }

  long deltaTicks() {
    return deltaTicks;
  }

  private void setDelta(SignalDescriptor descriptor) {
    deltaTicks = descriptor.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
    announced = false;
  }

  @Override
  public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
    if (!value.isPublic()) {
      return SignalTap.IGNORING;
    }
    LogSignal signal = open(value, writer);
    publicValues++;
    offerDomain();
    publisher.offer(signal, signal.version());
    return signal;
  }

  /** Opens a signal and offers it to nobody. */
  public LogSignal open(SignalDescriptor value, SignalWriter writer) {
    LogSignal signal = new LogSignal(publisher, this, publisher.numbers().take(), writer);
    signal.describe(
        new SignalVersion(signal.signo, value, writer.definition(), domain.version().descriptor));
    values.add(signal);
    return signal;
  }

  /** Whether clients are offered its signals; else they get what they ask for by its id. */
  public boolean isListed() {
    return listed;
  }

  /** A value signal is gone. */
  void valueClosed(LogSignal value) {
    values.remove(value);
    publicValues--;
    offerDomain();
  }

  boolean isAnyValueSubscribed() {
    return subscribedValues.get() > 0;
  }

  /**
   * A signal of the table got its first subscriber, or lost its last one. Sources are told by the
   * thread that serves all clients, which they must not make wait (see {@link
   * SignalTap#whenDemandChanges}): each value once for that.
   */
  void demandChanged(LogSignal signal, int by) {
    boolean isForAll = signal.isDomain();
    if (!signal.isDomain()) {
      isForAll = Math.max(by, 0) == subscribedValues.addAndGet(by) && domain.isSubscribed();
      signal.tellDemand();
    }
    if (isForAll && isLinear()) {
      values.forEach(LogSignal::tellDemand);
    }
  }

  @Override
  public void updateDomain(SignalDescriptor descriptor) {
    setDelta(descriptor);
    boolean wasOffered = domainOffered;
    domain.describe(domainVersion(descriptor));
    offerDomain();
    if (wasOffered && domainOffered) {
      publisher.change(domain, domain.version(), domain.endRow());
    }
  }

  @Override
  public void close() {
    if (domainOffered) {
      publisher.hide(domain);
    }
    publisher.numbers().giveBack(domain.signo);
  }

  /** Has the next block's line announced even if clients know it; on any thread. */
  public void announceLineAgain() {
    announced = false;
  }

  /** Row behind the last one that any signal of the table wrote. */
  long endRow() {
    return endRow.get();
  }

  void wrote(long newEndRow) {
    endRow.lazySet(Math.max(endRow.getPlain(), newEndRow));
  }

  /**
   * Makes clients know the line that a block at this row and tick lies on; false when the log has
   * no room: then the block must not follow.
   */
  boolean announceLine(long row, long tick) {
    if (announced && tick - announcedTick == deltaTicks * (row - announcedRow)) {
      return true;
    }
    if (!publisher.log().claim(claim, domainPairFrameBytes())) {
      return false;
    }
    announced = true; // before the line, so that announceLineAgain is not forgotten
    announcedRow = row;
    announcedTick = tick;
    putDomainPair(target(), domain.signo, row, tick);
    publisher.commit(claim, domain.signo, row, tick);
    domain.countPacket(DomainPair.BYTES);
    return true;
  }

  /** The claimed place in the log. */
  ByteBuffer target() {
    if (slab != claim.chunk.slab) {
      slab = claim.chunk.slab;
      view = slab.newView();
    }
    int start = claim.chunk.base + claim.offset;
    return view.limit(start + claim.bytes).position(start);
  }

  public static int domainPairFrameBytes() {
    return DataFrame.bytes(DomainPair.BYTES);
  }

  public static void putDomainPair(ByteBuffer target, int signo, long row, long tick) {
    DataFrame.putHeaders(target, signo, DomainPair.BYTES);
    DomainPair.put(target, row, tick);
  }
}
