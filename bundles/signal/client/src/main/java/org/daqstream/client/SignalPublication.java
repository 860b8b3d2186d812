/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.client.internal.OwnSignal;
import org.daqstream.client.internal.OwnSignals;
import org.daqstream.client.internal.OwnTable;
import org.daqstream.client.internal.OwnWriters;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/**
 * Signals with a common domain that a client offers to its device, see {@link
 * StreamingClient#publish}. They outlive interruptions: each connection is offered them again, and
 * rows go on.
 *
 * <p>Writing never waits. What nobody subscribed to is only counted; what the connection has no
 * room for is left out, and the device sees by the rows of the next block what is missing. One
 * thread at a time may write; any may close.
 */
public final class SignalPublication implements AutoCloseable {
  private final OwnTable table;
  private final boolean isLinear;
  private final List<SignalWriter> writers = new ArrayList<>();
  private final List<OwnSignal> taps = new ArrayList<>();
  private long nextRow;
  private volatile boolean isClosed;

  private SignalPublication(OwnTable table, boolean isLinear) {
    this.table = table;
    this.isLinear = isLinear;
  }

  /** Offers signals, all or none. */
  static SignalPublication open(
      OwnSignals signals, SignalDescriptor domain, List<SignalDescriptor> values) {
    if (!(domain.rule() instanceof Rule.Linear || domain.rule() instanceof Rule.Explicit)
        || !List.of(DataTypes.INT64, DataTypes.UINT64).contains(domain.dataType())) {
      throw new IllegalArgumentException(
          "domain signal %s: its rule must be linear or explicit, its type int64 or uint64"
              .formatted(domain.signalId()));
    }
    List<SignalWriter> writers = new ArrayList<>();
    for (SignalDescriptor each : values) {
      if (!(each.rule() instanceof Rule.Explicit || each.rule() instanceof Rule.Constant)) {
        throw new IllegalArgumentException(
            "signal " + each.signalId() + ": its rule must be explicit or constant");
      }
      try {
        writers.add(new OwnWriters().create(each));
      } catch (UnsupportedSignalException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    SignalPublication publication =
        new SignalPublication(signals.openTable(domain), domain.rule() instanceof Rule.Linear);
    try {
      for (int i = 0; i < values.size(); i++) {
        publication.taps.add(publication.table.openSignal(values.get(i), writers.get(i)));
      }
    } catch (IllegalArgumentException e) {
      publication.close();
      throw e;
    }
    publication.writers.addAll(writers);
    return publication;
  }

  /** {@return whether the device is subscribed to any of the signals} */
  public boolean hasSubscriber() {
    return taps.stream().anyMatch(OwnSignal::hasSubscriber);
  }

  /**
   * Writes one block of each signal on a linear domain.
   *
   * @param tick domain value of the first samples
   * @param count number of samples of each signal
   * @param samples one array, as {@link DataTypes} tells, or little-endian {@link
   *     java.nio.ByteBuffer} for each signal; {@code null} leaves a signal out
   * @return {@code ACCEPTED} when any of them will be sent; else {@code NO_SUBSCRIBER}; {@code
   *     FAILED} when there is no room, {@code TOO_LARGE} when a sample is larger than a message;
   *     {@code CLOSED}
   * @throws IllegalArgumentException when the samples are of another kind or number; then nothing
   *     is written
   * @throws IllegalStateException when the domain is explicit
   */
  public WriteResult write(long tick, int count, Object... samples) {
    if (!isLinear) {
      throw new IllegalStateException("the domain is explicit: each sample has its own tick");
    }
    return write(tick, null, count, samples);
  }

  /**
   * Writes one block of each signal on an explicit domain.
   *
   * @param ticks domain value of each sample; as many are written as there are
   * @param samples as for {@link #write(long, int, Object...)}
   * @return as for {@link #write(long, int, Object...)}
   * @throws IllegalStateException when the domain is linear
   */
  public WriteResult write(long[] ticks, Object... samples) {
    if (isLinear) {
      throw new IllegalStateException("the domain is linear: a block has one tick");
    }
    return write(ticks.length == 0 ? 0 : ticks[0], ticks, ticks.length, samples);
  }

  private WriteResult write(long tick, long[] ticks, int count, Object[] samples) {
    if (isClosed) {
      return WriteResult.CLOSED;
    }
    if (samples.length != taps.size()) {
      throw new IllegalArgumentException(
          "%d blocks for %d signals".formatted(samples.length, taps.size()));
    }
    int[] bytes = new int[samples.length];
    for (int i = 0; i < samples.length; i++) {
      if (samples[i] != null) {
        bytes[i] = writers.get(i).encodedBytes(samples[i], 0, count);
      }
    }
    if (count == 0) {
      return WriteResult.NO_SUBSCRIBER;
    }
    long row = nextRow;
    nextRow += count;
    WriteResult[] results = new WriteResult[samples.length];
    for (int i = 0; i < samples.length; i++) {
      results[i] =
          samples[i] == null
              ? WriteResult.NO_SUBSCRIBER
              : taps.get(i).accept(row, tick, ticks, samples[i], 0, count, bytes[i]);
    }
    return Arrays.asList(results).contains(WriteResult.ACCEPTED)
        ? WriteResult.ACCEPTED
        : Arrays.stream(results)
            .filter(each -> each != WriteResult.NO_SUBSCRIBER)
            .findFirst()
            .orElse(WriteResult.NO_SUBSCRIBER);
  }

  /** Withdraws the signals. Closing twice does nothing. */
  @Override
  public void close() {
    isClosed = true;
    table.close();
  }
}
