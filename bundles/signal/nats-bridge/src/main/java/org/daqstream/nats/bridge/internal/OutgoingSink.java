/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** What of the runtime's signals goes to NATS. */
record OutgoingSink(PublishLoop loop) implements SignalSink {
  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(loop, domain);
  }

  /** A table in one of its lives, with rows of its own. */
  static final class Table implements TableTap {
    final long epoch = ThreadLocalRandom.current().nextLong();
    private final PublishLoop loop;
    private final List<OutgoingSignal> signals = new CopyOnWriteArrayList<>();
    private final AtomicInteger descriptions = new AtomicInteger();
    private volatile SignalDescriptor domain;

    Table(PublishLoop loop, SignalDescriptor domain) {
      this.loop = loop;
      this.domain = domain;
    }

    /** A number that no description of a signal of the table has, nor one that was here before. */
    int nextDescription() {
      return descriptions.incrementAndGet();
    }

    SignalDescriptor domain() {
      return domain;
    }

    /** Distance of neighbouring rows; 0 with an explicit domain. */
    long deltaTicks() {
      return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      if (!value.isPublic() || !loop.wants(value.signalId())) {
        return SignalTap.IGNORING;
      }
      OutgoingSignal signal = new OutgoingSignal(this, loop, value, writer);
      signals.add(signal);
      loop.opened(signal);
      return signal;
    }

    /** Its signals are told anew, in front of their next blocks. */
    @Override
    public void updateDomain(SignalDescriptor changed) {
      boolean isAlike = ticks(domain).equals(ticks(changed));
      domain = changed;
      signals.forEach(each -> each.describeAnew(isAlike));
    }

    /** What the time of a tick depends on. */
    private static List<Object> ticks(SignalDescriptor domain) {
      return Arrays.asList(domain.unit(), String.valueOf(domain.resolution()), domain.origin());
    }

    /** A signal is gone. */
    void left(OutgoingSignal signal) {
      signals.remove(signal);
    }

    @Override
    public void close() {}
  }
}
