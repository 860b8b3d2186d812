/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.daqstream.protocol.DomainPair;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A domain of this side with its values, and how far the device knows it. Under its own lock, so
 * that a subscription begins between two blocks.
 */
public final class OwnTable implements TableTap {
  private final OwnSignals signals;
  private final int signo;
  private final Map<String, OwnSignal> values = new LinkedHashMap<>();
  private SignalDescriptor domain;

  // On the present connection:
  private boolean isNamed;
  private int dependants;
  private boolean isChanged;
  private boolean isLineTold;
  private long toldRow;
  private long toldTick;

  OwnTable(OwnSignals signals, int signo, SignalDescriptor domain) {
    this.signals = signals;
    this.signo = signo;
    this.domain = domain;
  }

  SignalDescriptor domain() {
    return domain;
  }

  boolean isLinear() {
    return domain.rule() instanceof Rule.Linear;
  }

  /** Ticks between two rows, 0 for an explicit domain. */
  long deltaTicks() {
    return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  @Override
  public OwnSignal openSignal(SignalDescriptor value, SignalWriter writer) {
    return signals.opened(this, number -> new OwnSignal(signals, this, number, value, writer));
  }

  synchronized void add(OwnSignal value) {
    values.put(value.signalId(), value);
  }

  /** Ids that the device can be offered: values, and the domain if there is any. */
  synchronized List<String> suiting(OwnLink link, Consumer<String> problem) {
    return suiting(values.values(), link, problem);
  }

  /** The same of one value alone. */
  synchronized List<String> suiting(OwnSignal value, OwnLink link, Consumer<String> problem) {
    return suiting(List.of(value), link, problem);
  }

  private List<String> suiting(
      Collection<OwnSignal> asked, OwnLink link, Consumer<String> problem) {
    List<String> ids = new ArrayList<>();
    for (OwnSignal each : asked) {
      String refusal = SignalDocument.refusal(each.descriptor(), each.definition(), link.profile());
      if (!refusal.isEmpty()) {
        problem.accept("signal " + each.signalId() + " is not offered to the device: " + refusal);
      } else if (each.descriptor().isPublic()) {
        ids.add(each.signalId());
      }
    }
    if (!ids.isEmpty()) {
      ids.add(0, domain.signalId());
    }
    return ids;
  }

  /** Nobody is subscribed any more. */
  synchronized void reset() {
    isNamed = false;
    dependants = 0;
    isLineTold = false;
    values.values().forEach(OwnSignal::reset);
  }

  private boolean isActive() {
    return isNamed || dependants > 0;
  }

  /** Carries out a command for the domain or a value. */
  synchronized void change(String signalId, boolean subscribes) {
    OwnLink link = signals.link();
    OwnSignal value = values.get(signalId);
    if (link == null) {
      return;
    }
    if (value != null) {
      if (subscribes != value.isSubscribed()) {
        change(link, value, subscribes);
      }
    } else if (subscribes != isNamed) {
      boolean wasActive = isActive();
      isNamed = subscribes;
      tellIfOther(link, wasActive);
    }
  }

  private void change(OwnLink link, OwnSignal value, boolean subscribes) {
    boolean wasActive = isActive();
    if (subscribes) {
      dependants++;
      tellIfOther(link, wasActive);
      value.subscribe(link);
    } else {
      value.unsubscribe(link);
      dependants--;
      tellIfOther(link, wasActive);
    }
  }

  private void tellIfOther(OwnLink link, boolean wasActive) {
    if (!wasActive && isActive()) {
      link.tell(signo, new Subscribe(domain.signalId()).toMetadata());
      link.tell(document(link, 0));
      isChanged = false;
      isLineTold = false;
    } else if (wasActive && !isActive()) {
      link.tell(signo, new Unsubscribe(domain.signalId()).toMetadata());
    }
  }

  private byte[] document(OwnLink link, long row) {
    return link.document(signo, domain, Map.of("dataType", domain.dataType()), domain, row);
  }

  /** What the device must know of the domain before a block on a line; see {@link #notTold}. */
  void putLine(OwnLink link, long row, long tick, List<ByteBuffer> packets) {
    if (!isActive()) {
      return;
    }
    if (isChanged) {
      packets.add(ByteBuffer.wrap(document(link, row)));
      isChanged = false;
      isLineTold = false;
    }
    if (isLinear() && !isOnToldLine(row, tick)) {
      ByteBuffer pair = newPacket(signo, DomainPair.BYTES);
      DomainPair.put(pair, row, tick);
      packets.add(pair.flip());
      isLineTold = true;
      toldRow = row;
      toldTick = tick;
    }
  }

  private boolean isOnToldLine(long row, long tick) {
    return isLineTold && tick == toldTick + deltaTicks() * (row - toldRow);
  }

  /** What was put did not leave. */
  void notTold() {
    isChanged = true;
  }

  /** Puts the stamps of a block, directly before its samples. */
  void putStamps(long[] ticks, int from, int count, List<ByteBuffer> packets) {
    ByteBuffer stamps = newPacket(signo, count * Long.BYTES);
    for (int i = from; i < from + count; i++) {
      stamps.putLong(ticks[i]);
    }
    packets.add(stamps.flip());
  }

  static ByteBuffer newPacket(int signo, int payloadBytes) {
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, signo, PacketHeader.DATA, payloadBytes);
    return packet;
  }

  @Override
  public synchronized void updateDomain(SignalDescriptor newDomain) {
    domain = newDomain;
    isChanged = true;
  }

  /** A value goes. */
  void remove(OwnSignal value) {
    withdraw(value);
    signals.tellDemand();
  }

  private void withdraw(OwnSignal value) {
    synchronized (signals) {
      boolean isLast;
      synchronized (this) {
        if (values.remove(value.signalId()) == null) {
          return;
        }
        OwnLink link = signals.link();
        if (link != null && value.isSubscribed()) {
          change(link, value, false);
        }
        isLast = values.isEmpty();
        if (isLast && link != null && isActive()) {
          isNamed = false;
          tellIfOther(link, true);
        }
      }
      signals.withdraw(this, value.signalId(), value.signo());
      if (isLast) {
        signals.unoffer(domain.signalId());
      }
    }
  }

  @Override
  public void close() {
    List<OwnSignal> left;
    synchronized (this) {
      left = List.copyOf(values.values());
    }
    left.forEach(OwnSignal::close);
    signals.withdraw(this, domain.signalId(), signo);
  }
}
