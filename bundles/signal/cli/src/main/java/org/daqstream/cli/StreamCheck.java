/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.sample.support.SignalFacts;

/**
 * Watches one signal: whether rows and times go on as they should, and how times stand to the clock
 * of this machine. Called by the thread that reads the connection; read when that has ended.
 */
final class StreamCheck implements SampleListener {
  private static final int LATENCIES = 1 << 16;
  private static final int LEAST_STRETCHES = 10;
  private static final double LEAST_SECONDS_FOR_DRIFT = 5;
  private static final long STRETCH_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final double NANOS = 1e9;
  private static final double MILLION = 1e6;

  private final String signalId;
  private RemoteSignal signal;
  private long samples;
  private long blocks;
  private long bytes;
  private long gaps;
  private long lostRows;
  private long rowJumps; // of which nobody said a word
  private long backwards;
  private long timeJumps;
  private long untimed;
  private long nextRow = -1;
  private long lastTick;
  private boolean hasLastTick;
  private boolean isExcused = true;
  private long firstArrival;
  private long lastArrival;
  private long samplesOfFirst;

  /** Of each block, nanoseconds from the time of its last sample to its arrival. */
  private final long[] latencies = new long[LATENCIES];

  private int latencyCount;
  private long stretchStart;
  private long stretchArrival;
  private long stretchLatency = Long.MAX_VALUE;
  private int stretches;
  private double sumX;
  private double sumY;
  private double sumXx;
  private double sumXy;
  private long originNanos;

  StreamCheck(String signalId, RemoteSignal signal) {
    this.signalId = signalId;
    this.signal = signal;
  }

  private static long wallNanos() {
    java.time.Instant now = java.time.Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Override
  public synchronized void described(RemoteSignal newSignal) {
    signal = newSignal;
  }

  @Override
  public synchronized void gap(Gap gap) {
    isExcused = true;
    if (gap.reason() == Gap.Reason.DOMAIN) {
      timeJumps++;
    } else {
      gaps++;
      lostRows += gap.rows();
    }
  }

  @Override
  public synchronized void block(SampleBlock block) {
    long arrival = wallNanos();
    signal = block.signal();
    if (blocks == 0) {
      firstArrival = arrival;
      samplesOfFirst = block.count();
    }
    lastArrival = arrival;
    blocks++;
    samples += block.count();
    bytes += block.bytes();
    if (nextRow >= 0 && block.row() != nextRow && !isExcused) {
      rowJumps++;
    }
    nextRow = block.row() + block.count();
    order(block);
    latency(block, arrival);
    isExcused = false;
  }

  private void order(SampleBlock block) {
    if (!block.hasTicks()) {
      untimed++;
      return;
    }
    for (int i = block.isOnLine() ? block.count() - 1 : 0; i < block.count(); i++) {
      long tick = block.tick(i);
      if (hasLastTick && tick < lastTick) {
        backwards++;
      }
      hasLastTick = true;
      lastTick = tick;
    }
  }

  private void latency(SampleBlock block, long arrival) {
    if (!block.hasTicks() || signal.time() == null) {
      return;
    }
    long latency;
    try {
      latency = arrival - block.nanos(block.count() - 1);
    } catch (ArithmeticException e) {
      return; // a time beyond 64 bits
    }
    latencies[latencyCount % LATENCIES] = latency;
    if (latencyCount == 0) {
      originNanos = latency;
    }
    latencyCount++;
    if (arrival - stretchStart >= STRETCH_NANOS) {
      endStretch();
      stretchStart = arrival;
      stretchLatency = Long.MAX_VALUE;
    }
    if (latency < stretchLatency) {
      stretchLatency = latency;
      stretchArrival = arrival;
    }
  }

  /** Its fastest block counts: the others say more of this machine's load than of clocks. */
  private void endStretch() {
    if (stretchLatency == Long.MAX_VALUE) {
      return;
    }
    double x = (stretchArrival - firstArrival) / NANOS;
    double y = (stretchLatency - originNanos) / NANOS;
    stretches++;
    sumX += x;
    sumY += y;
    sumXx += x * x;
    sumXy += x * y;
  }

  String signalId() {
    return signalId;
  }

  synchronized long samples() {
    return samples;
  }

  /** Whether something is missing, or out of order. */
  synchronized boolean isBad() {
    return gaps > 0 || rowJumps > 0 || backwards > 0;
  }

  /**
   * How fast the device's clock goes against this machine's, in millionths; {@code null}: unknown.
   */
  private Double driftPpm() {
    double seconds = (lastArrival - firstArrival) / NANOS;
    double spread = stretches * sumXx - sumX * sumX;
    if (stretches < LEAST_STRETCHES || seconds < LEAST_SECONDS_FOR_DRIFT || spread <= 0) {
      return null;
    }
    return -(stretches * sumXy - sumX * sumY) / spread * MILLION;
  }

  private Long latencyNanos(double part) {
    int count = Math.min(latencyCount, LATENCIES);
    if (count == 0) {
      return null;
    }
    long[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.round(part * (count - 1))];
  }

  /** What was found, by names for programs. */
  synchronized Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    double seconds = (lastArrival - firstArrival) / NANOS;
    document.put("signalId", signalId);
    document.put("verdict", verdict());
    document.put("samples", samples);
    document.put("blocks", blocks);
    document.put("bytes", bytes);
    document.put("gaps", gaps);
    document.put("lostRows", lostRows);
    document.put("untoldRowJumps", rowJumps);
    document.put("timesBackwards", backwards);
    document.put("timeJumps", timeJumps);
    document.put("blocksWithoutTime", untimed);
    document.put("rateHz", signal.domain() == null ? null : SignalFacts.rateHz(signal.domain()));
    document.put(
        "measuredRateHz", blocks > 1 && seconds > 0 ? (samples - samplesOfFirst) / seconds : null);
    document.put("latencyMinNanos", latencyNanos(0));
    document.put("latencyP50Nanos", latencyNanos(0.5));
    document.put("latencyP99Nanos", latencyNanos(0.99));
    document.put("latencyMaxNanos", latencyNanos(1));
    document.put("driftPpm", driftPpm());
    return document;
  }

  /** In a word or two. */
  synchronized String verdict() {
    if (backwards > 0 || rowJumps > 0) {
      return "disorder";
    }
    return gaps > 0 ? "loss" : samples == 0 ? "silent" : "ok";
  }
}
