/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.time.Instant;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.TickTime;
import org.daqstream.sample.support.DomainValue;

/** The times of a signal's samples as text. One thread. */
final class SampleTimes {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int NANO_DIGITS = 9;

  private final TimeForm form;
  private RemoteSignal signal;
  private DomainValue values;
  private long second = Long.MIN_VALUE;
  private String secondText = "";

  SampleTimes(TimeForm form) {
    this.form = form;
  }

  /** The time of a sample; empty when the device has not told it. */
  String text(SampleBlock block, int index) {
    return block.hasTicks() ? text(block.signal(), block.tick(index)) : "";
  }

  /** The time of a tick of a signal's domain. */
  @SuppressWarnings("ReferenceEquality") // the same object is the same description
  String text(RemoteSignal of, long tick) {
    if (form == TimeForm.TICKS) {
      return Long.toString(tick);
    }
    TickTime time = of.time();
    if (time != null) {
      try {
        long nanos = time.nanosOf(tick);
        return form == TimeForm.NS ? Long.toString(nanos) : iso(nanos);
      } catch (ArithmeticException e) {
        // beyond 64 bits
      }
    }
    if (form == TimeForm.NS || of.domain() == null) {
      return "";
    }
    if (of != signal) {
      signal = of;
      values = new DomainValue(of.domain());
    }
    return values.text(tick);
  }

  /** The same second comes again and again. */
  private String iso(long nanos) {
    long itsSecond = Math.floorDiv(nanos, NANOS_PER_SECOND);
    if (itsSecond != second) {
      second = itsSecond;
      secondText = Instant.ofEpochSecond(itsSecond).toString().replace("Z", ".");
    }
    String digits = Long.toString(Math.floorMod(nanos, NANOS_PER_SECOND));
    return secondText + "0".repeat(NANO_DIGITS - digits.length()) + digits + "Z";
  }
}
