/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import org.daqstream.client.SampleBlock;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.SampleDecoder.Complex;
import org.daqstream.sample.support.ValueText;

/** The newest sample of a signal, and the ones before as a line of bars. One thread. */
final class WatchedSignal {
  private static final int BARS = 24;
  private static final double NANOS = 1e9;

  private final String signalId;
  private final SampleSlices slices = new SampleSlices();
  private final SampleTimes times = new SampleTimes(TimeForm.ISO);
  private final Sparkline sparkline = new Sparkline(BARS);
  private Object value;
  private String time = "";
  private String unit = "";
  private boolean isNew;
  private long samples;
  private long gaps;
  private long countedSamples;
  private long countedNanos = System.nanoTime();
  private double rate;

  WatchedSignal(String signalId) {
    this.signalId = signalId;
  }

  void take(SampleBlock block) {
    int last = block.count() - 1;
    value = slices.value(block, last);
    time = times.text(block, last);
    unit = block.signal().descriptor().unit().symbol();
    samples += block.count();
    isNew = true;
  }

  void gap() {
    gaps++;
  }

  /** A new picture begins: the newest sample gets its bar. */
  void tick() {
    if (value instanceof Number number) {
      sparkline.add(number.doubleValue());
    } else if (value instanceof Complex number) {
      sparkline.add(Math.hypot(number.re().doubleValue(), number.im().doubleValue()));
    }
    long now = System.nanoTime();
    if (now - countedNanos >= NANOS) {
      rate = (samples - countedSamples) * NANOS / (now - countedNanos);
      countedSamples = samples;
      countedNanos = now;
    }
  }

  /** Whether a sample came since it was asked last. */
  boolean fetchNew() {
    boolean was = isNew;
    isNew = false;
    return was;
  }

  String signalId() {
    return signalId;
  }

  String time() {
    return time;
  }

  Object value() {
    return value;
  }

  String valueText() {
    return value == null ? "" : (ValueText.of(value) + " " + unit).strip();
  }

  String bars() {
    return sparkline.text();
  }

  String rateText() {
    return rate == 0 ? "" : Format.quantity(rate, "S/s");
  }

  long gaps() {
    return gaps;
  }
}
