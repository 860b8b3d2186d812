/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.protocol.ConstantPacket;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;

/**
 * Puts data frames of the log in the form that a client's family takes: cut to its largest packet
 * on whole samples (protocol section 1.8), and constants with or without their row (section 3.5).
 */
final class FrameCutter {
  private final ClientOutput output;
  private final PeerProfile profile;

  FrameCutter(ClientOutput output, PeerProfile profile) {
    this.output = output;
    this.profile = profile;
  }

  /**
   * Puts one data entry.
   *
   * @param entry the entry's frame, or its frame of stamps followed by that of samples
   * @param stampFrameBytes length of the frame of stamps with an explicit domain, else unused
   */
  void put(ByteBuffer entry, LogSignal signal, long stampFrameBytes) throws IOException {
    final boolean bare = signal.isConstant() && profile.constantForm() == ConstantPacket.Form.RAW;
    if (!bare && entry.remaining() <= profile.maxDataFrameBytes()) {
      output.put(entry);
    } else if (signal.isDomain() || signal.table.isLinear()) {
      skipHeaders(entry);
      if (bare) {
        entry.position(entry.position() + Long.BYTES);
      }
      cut(entry, signal);
    } else {
      final ByteBuffer samples = entry.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      samples.position(entry.position() + (int) stampFrameBytes);
      entry.limit(samples.position());
      skipHeaders(entry);
      skipHeaders(samples);
      cutStamped(entry, samples, signal);
    }
  }

  void replay(LogSignal signal, LogSignal.LastSample last) throws IOException {
    final boolean indexed =
        signal.isConstant() && profile.constantForm() == ConstantPacket.Form.INDEXED;
    if (!signal.table.isLinear() && !signal.isConstant()) {
      final ByteBuffer stamp = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      stamp.putLong(0, last.tick());
      putData(signal.table.domain.signo, stamp);
    }
    final ByteBuffer payload =
        ByteBuffer.allocate(last.payload().length + (indexed ? Long.BYTES : 0))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (indexed) {
      payload.putLong(last.row());
    }
    putData(signal.signo, payload.put(last.payload()).flip());
  }

  private void cut(ByteBuffer payload, LogSignal signal) throws IOException {
    final int sampleBytes = signal.isDomain() ? payload.remaining() : signal.sampleBytes();
    final int pieceBytes =
        sampleBytes == 0
            ? payload.remaining()
            : Math.max(1, payloadLimitBytes() / sampleBytes) * sampleBytes;
    while (payload.hasRemaining()) {
      putData(signal.signo, take(payload, pieceBytes));
    }
  }

  private void cutStamped(ByteBuffer stamps, ByteBuffer samples, LogSignal signal)
      throws IOException {
    final int count = stamps.remaining() / Long.BYTES;
    final int sampleBytes = samples.remaining() / count;
    final int perPiece = Math.max(1, payloadLimitBytes() / Math.max(Long.BYTES, sampleBytes));
    while (stamps.hasRemaining()) {
      putData(signal.table.domain.signo, take(stamps, perPiece * Long.BYTES));
      putData(signal.signo, take(samples, perPiece * sampleBytes));
    }
  }

  private int payloadLimitBytes() {
    return profile.maxDataFrameBytes() - PacketHeader.bytes(0);
  }

  private static ByteBuffer take(ByteBuffer from, int bytes) {
    final int n = Math.min(bytes, from.remaining());
    final ByteBuffer piece = from.duplicate().limit(from.position() + n);
    from.position(from.position() + n);
    return piece;
  }

  private void putData(int signo, ByteBuffer payload) throws IOException {
    final ByteBuffer headers =
        ByteBuffer.allocate(LogSignal.dataFrameBytes(payload.remaining()) - payload.remaining());
    LogSignal.putDataHeaders(headers, signo, payload.remaining());
    output.put(headers.flip());
    output.put(payload);
  }

  /** Moves behind the WebSocket and packet headers that the log wrote. */
  private static void skipHeaders(ByteBuffer frame) {
    final int start = frame.position();
    final int length = frame.get(start + 1) & 0x7F;
    final int packet = start + (length < 126 ? 2 : length == 126 ? 4 : 10);
    final boolean longForm = (frame.getInt(packet) >>> 20 & 0xFF) == 0;
    frame.position(packet + (longForm ? 8 : 4));
  }
}
