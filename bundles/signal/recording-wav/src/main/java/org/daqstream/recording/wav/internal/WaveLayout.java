/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.sample.support.Json;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * What a file of a part looks like.
 *
 * @param rate frames per second
 * @param type of all samples
 * @param deltaTicks from frame to frame
 */
record WaveLayout(RecordingPart part, long rate, ElementType type, long deltaTicks) {
  static final String OWN_CHUNK = "daqs";
  static final String NOTES_CHUNK = "daqn";
  static final int CHUNK_HEAD_BYTES = 8;
  static final int DS64_AT = 12;
  static final int DS64_BYTES = 28;
  static final long UNKNOWN_SIZE = 0xFFFF_FFFFL;

  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int FORMAT_BYTES = 16;
  private static final int MOST_CHANNELS = 65_535;
  private static final Set<ElementType> TYPES =
      Set.of(
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.REAL32,
          ElementType.REAL64);

  /**
   * That of what is to be recorded.
   *
   * @throws IOException when WAV cannot hold it; says what
   */
  static WaveLayout of(RecordingPart part) throws IOException {
    SignalDescriptor domain = part.domain();
    Resolution tick = domain.resolution();
    boolean isTime = domain.unit().quantity().equals("time") || domain.unit().equals(Unit.SECOND);
    if (!(domain.rule() instanceof Rule.Linear line) || tick == null || !isTime) {
      throw new IOException(
          "WAV holds rows at one rate only, and '" + domain.signalId() + "' is no even time");
    }
    BigInteger period =
        BigInteger.valueOf(tick.num()).multiply(BigInteger.valueOf(line.deltaTicks()));
    BigInteger[] rate = BigInteger.valueOf(tick.denom()).divideAndRemainder(period);
    if (rate[1].signum() != 0 || rate[0].signum() == 0 || rate[0].bitLength() > Integer.SIZE) {
      throw new IOException(
          "WAV holds whole numbers of rows a second only, and '%s' has %s/%s"
              .formatted(domain.signalId(), tick.denom(), period));
    }
    List<SignalDescriptor> signals = part.signals();
    ElementType type = signals.isEmpty() ? null : ElementType.of(signals.get(0).dataType());
    for (SignalDescriptor each : signals) {
      check(each, type);
    }
    if (type == null || (long) signals.size() * type.bytes() > MOST_CHANNELS) {
      throw new IOException("WAV cannot hold " + signals.size() + " signals");
    }
    return new WaveLayout(part, rate[0].longValue(), type, line.deltaTicks());
  }

  private static void check(SignalDescriptor signal, ElementType type) throws IOException {
    ElementType own = ElementType.of(signal.dataType());
    if (own == null || !TYPES.contains(own) || !signal.dimensions().isEmpty()) {
      throw new IOException(
          "WAV holds single numbers of type uint8, int16, int32, real32 or real64 only, and '%s' is %s%s"
              .formatted(
                  signal.signalId(),
                  signal.dataType(),
                  signal.dimensions().isEmpty() ? "" : " with dimensions"));
    }
    if (own != type) {
      throw new IOException(
          "WAV holds signals of one type only, and '%s' is %s, others %s"
              .formatted(signal.signalId(), own.dataType(), type.dataType()));
    }
  }

  int channels() {
    return part.signals().size();
  }

  int frameBytes() {
    return channels() * type.bytes();
  }

  boolean isReal() {
    return type.isReal();
  }

  /** What stands for a sample that is missing: nothing that is heard, or no number. */
  byte[] silence() {
    ByteBuffer sample = ByteBuffer.allocate(type.bytes());
    if (isReal()) {
      type.putDouble(sample, 0, Double.NaN);
    } else {
      type.putLong(sample, 0, type == ElementType.UINT8 ? 128 : 0);
    }
    return sample.array();
  }

  private static void putId(ByteBuffer out, String id) {
    out.put(id.getBytes(ISO_8859_1));
  }

  /** Everything in front of the frames; sizes are not known yet. */
  byte[] head() {
    List<String> ids = part.signals().stream().map(SignalDescriptor::signalId).toList();
    byte[] facts = Json.of(new TreeMap<>(RecordingFacts.of(part, ids))).getBytes(UTF_8);
    int own = facts.length + (facts.length & 1);
    ByteBuffer out =
        ByteBuffer.allocate(DS64_AT + 4 * CHUNK_HEAD_BYTES + DS64_BYTES + FORMAT_BYTES + own)
            .order(ByteOrder.LITTLE_ENDIAN);
    putId(out, "RIFF");
    out.putInt(0);
    putId(out, "WAVE");
    putId(out, "JUNK"); // room for the sizes of a large file
    out.putInt(DS64_BYTES).position(out.position() + DS64_BYTES);
    putId(out, "fmt ");
    out.putInt(FORMAT_BYTES);
    out.putShort((short) (isReal() ? FLOAT : PCM)).putShort((short) channels());
    out.putInt((int) rate).putInt((int) Math.min(UNKNOWN_SIZE, rate * frameBytes()));
    out.putShort((short) frameBytes()).putShort((short) (type.bytes() * Byte.SIZE));
    putId(out, OWN_CHUNK);
    out.putInt(own).put(facts);
    out.position(out.capacity() - CHUNK_HEAD_BYTES);
    putId(out, "data");
    out.putInt(0);
    return out.array();
  }

  /** A chunk of notes, with what stands in front. */
  static ByteBuffer notes(Map<String, String> notes, boolean isPadded) {
    byte[] text = Json.of(new TreeMap<>(notes)).getBytes(UTF_8);
    int bytes = text.length + (text.length & 1);
    ByteBuffer out =
        ByteBuffer.allocate((isPadded ? 1 : 0) + CHUNK_HEAD_BYTES + bytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.position(isPadded ? 1 : 0);
    putId(out, NOTES_CHUNK);
    out.putInt(bytes).put(text);
    return out.clear();
  }

  /** The first bytes of a file that is complete. */
  static ByteBuffer sizes(long fileBytes, long dataBytes, long frames, long riffLimit) {
    ByteBuffer out =
        ByteBuffer.allocate(DS64_AT + CHUNK_HEAD_BYTES + DS64_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    boolean isLarge = fileBytes - CHUNK_HEAD_BYTES > riffLimit;
    putId(out, isLarge ? "RF64" : "RIFF");
    out.putInt((int) (isLarge ? UNKNOWN_SIZE : fileBytes - CHUNK_HEAD_BYTES));
    putId(out, "WAVE");
    putId(out, isLarge ? "ds64" : "JUNK");
    out.putInt(DS64_BYTES);
    if (isLarge) {
      out.putLong(fileBytes - CHUNK_HEAD_BYTES).putLong(dataBytes).putLong(frames);
    }
    return out.clear();
  }
}
