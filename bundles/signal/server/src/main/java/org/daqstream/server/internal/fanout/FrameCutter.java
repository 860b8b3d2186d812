/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.internal.log.DataFrame;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SampleMemory;

/**
 * Puts data frames of the log in the form that a client's family takes: cut to its largest packet
 * on whole samples (protocol section 1.8), constants with or without their row (section 3.5), and
 * with the numbers that signals have for the client.
 */
final class FrameCutter {
  private static final int GATHERED_BYTES = 8 * 1024;

  private final ClientOutput output;
  private final PeerProfile profile;

  /** Small packets on their way to the output; {@code null} until a client needs any. */
  private ByteBuffer gathered;

  FrameCutter(ClientOutput output, PeerProfile profile) {
    this.output = output;
    this.profile = profile;
  }

  /**
   * Puts one data entry: a frame of samples, with an explicit domain behind its frame of stamps,
   * whose length then counts.
   */
  void put(ByteBuffer entry, Subscription subscription, long stampFrameBytes) throws IOException {
    LogSignal signal = subscription.signal;
    boolean bare = signal.isConstant() && sendsBare(signal, profile);
    if (!bare && fits(entry) && !isBurst(signal, stampFrameBytes)) {
      if (subscription.hasNumbersOfLog()) {
        output.put(entry);
      } else {
        renumber(entry, subscription, stampFrameBytes);
      }
    } else if (signal.isDomain() || signal.table.isLinear()) {
      DataFrame.skipHeaders(entry);
      if (bare) {
        skipRow(entry);
      }
      cut(entry, subscription);
    } else {
      ByteBuffer samples = entry.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      samples.position(entry.position() + (int) stampFrameBytes);
      entry.limit(samples.position());
      DataFrame.skipHeaders(entry);
      DataFrame.skipHeaders(samples);
      if (bare) {
        skipRow(samples);
      }
      cutStamped(entry, samples, subscription);
    }
  }

  /** Puts one data entry as it is but for the numbers. */
  private void renumber(ByteBuffer entry, Subscription subscription, long stampFrameBytes)
      throws IOException {
    int end = entry.limit();
    if (!subscription.signal.isDomain() && !subscription.signal.table.isLinear()) {
      entry.limit(entry.position() + (int) stampFrameBytes);
      DataFrame.skipHeaders(entry);
      putData(subscription.domainNumber, entry, entry.remaining());
      entry.limit(end);
    }
    DataFrame.skipHeaders(entry);
    putData(subscription.number, entry, entry.remaining());
    putGathered();
  }

  /** Whether an entry can leave as it is; those of the log are made for the largest profile. */
  private boolean fits(ByteBuffer entry) {
    return profile.maxDataFrameBytes() >= PeerProfile.LT.maxDataFrameBytes()
        || entry.remaining() <= profile.maxDataFrameBytes();
  }

  /** Whether entries of a signal never leave as they are. */
  static boolean changes(LogSignal signal, PeerProfile profile) {
    return (signal.isConstant() && sendsBare(signal, profile))
        || takesSingleStamps(signal, profile);
  }

  /** Whether a family takes a constant without its row, which in the log it has. */
  private static boolean sendsBare(LogSignal constant, PeerProfile profile) {
    return !profile.takesConstants(constant.table.isLinear());
  }

  /** The older family reads one stamp of a packet only, so each sample gets its own. */
  private static boolean takesSingleStamps(LogSignal signal, PeerProfile profile) {
    return profile == PeerProfile.LT && !signal.isDomain() && !signal.table.isLinear();
  }

  private boolean isBurst(LogSignal signal, long stampFrameBytes) {
    return takesSingleStamps(signal, profile) && stampFrameBytes > DataFrame.bytes(Long.BYTES);
  }

  private static void skipRow(ByteBuffer constant) {
    constant.position(constant.position() + Long.BYTES);
  }

  void replay(Subscription subscription, SampleMemory.Sample last) throws IOException {
    LogSignal signal = subscription.signal;
    SampleTooLargeException.check(signal, last.payload().length, profile);
    boolean indexed = signal.isConstant() && !sendsBare(signal, profile);
    if (!signal.table.isLinear()) {
      ByteBuffer stamp = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      stamp.putLong(0, last.tick());
      putData(subscription.domainNumber, stamp, Long.BYTES);
    }
    ByteBuffer payload =
        ByteBuffer.allocate(last.payload().length + (indexed ? Long.BYTES : 0))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (indexed) {
      payload.putLong(last.row());
    }
    putData(subscription.number, payload.put(last.payload()).flip(), payload.remaining());
    putGathered();
  }

  private void cut(ByteBuffer payload, Subscription subscription) throws IOException {
    LogSignal signal = subscription.signal;
    int sampleBytes =
        signal.isDomain() || signal.sampleBytes() == 0 ? payload.remaining() : signal.sampleBytes();
    SampleTooLargeException.check(signal, sampleBytes, profile);
    int pieceBytes = Math.max(1, payloadLimitBytes() / sampleBytes) * sampleBytes;
    while (payload.hasRemaining()) {
      putData(subscription.number, payload, pieceBytes);
    }
    putGathered();
  }

  private void cutStamped(ByteBuffer stamps, ByteBuffer samples, Subscription subscription)
      throws IOException {
    LogSignal signal = subscription.signal;
    int count = stamps.remaining() / Long.BYTES;
    int sampleBytes = samples.remaining() / count;
    SampleTooLargeException.check(signal, sampleBytes, profile);
    int perPiece =
        takesSingleStamps(signal, profile)
            ? 1
            : Math.max(1, payloadLimitBytes() / Math.max(Long.BYTES, sampleBytes));
    while (stamps.hasRemaining()) {
      putData(subscription.domainNumber, stamps, perPiece * Long.BYTES);
      putData(subscription.number, samples, perPiece * sampleBytes);
    }
    putGathered();
  }

  private int payloadLimitBytes() {
    return profile.maxDataFrameBytes() - PacketHeader.LONG_BYTES;
  }

  /** Takes the next bytes of a payload, or what is left of it, as a packet of its own. */
  private void putData(int number, ByteBuffer from, int bytes) throws IOException {
    int end = from.limit();
    from.limit(Math.min(end, from.position() + bytes));
    if (DataFrame.bytes(from.remaining()) > gathered().remaining()) {
      putGathered();
    }
    if (DataFrame.bytes(from.remaining()) <= gathered.remaining()) {
      DataFrame.putHeaders(gathered, number, from.remaining());
      gathered.put(from);
    } else {
      DataFrame.putHeaders(gathered, number, from.remaining());
      output.putFrame(gathered.flip(), from);
      gathered.clear();
    }
    from.limit(end);
  }

  private ByteBuffer gathered() {
    if (gathered == null) {
      gathered = ByteBuffer.allocate(GATHERED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    return gathered;
  }

  private void putGathered() throws IOException {
    output.put(gathered().flip());
    gathered.clear();
  }
}
