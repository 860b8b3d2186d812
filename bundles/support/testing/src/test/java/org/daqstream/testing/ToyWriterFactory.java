/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/** A small data type, {@code double[]} to two bytes each, that breaks one rule when told to. */
final class ToyWriterFactory implements SignalWriterFactory {
  enum Flaw {
    NONE,
    BIG_ENDIAN,
    BIG_ENDIAN_IN_LONG_BLOCKS,
    IGNORES_OFFSET,
    IGNORES_POSITION,
    WRITES_ALSO_BEHIND,
    LEAVES_ANOTHER_ORDER,
    NEEDS_AN_ARRAY,
    OVERRUNS_THE_LIMIT,
    FILLS_THE_ROOM,
    NO_BOUNDS,
    BOUNDS_OVERFLOW,
    OTHER_SAMPLE_BYTES,
    TAKES_ANY_KIND,
    REFUSES_KINDS_WITHOUT_WORDS,
    TAKES_ANY_UNIT,
    REFUSES_UNITS_WITHOUT_WORDS,
    ALLOCATES,
    CHANGES_SAMPLES,
    ONE_NEW_SAMPLE,
    ONE_WRITER,
    OPEN_DEFINITION,
    CHANGING_DEFINITION,
    DEFINITION_WITH_OBJECTS
  }

  private static final int BYTES = Short.BYTES;

  private final Flaw flaw;
  private final SignalWriter only = new ToyWriter();

  ToyWriterFactory(Flaw flaw) {
    this.flaw = flaw;
  }

  private boolean has(Flaw which) {
    return flaw == which;
  }

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    if (!descriptor.unit().equals(Unit.PERCENT) && !has(Flaw.TAKES_ANY_UNIT)) {
      String symbol = descriptor.unit().symbol();
      throw has(Flaw.REFUSES_UNITS_WITHOUT_WORDS)
          ? new UnsupportedSignalException("no")
          : UnsupportedSignalException.of(descriptor, "unit '" + symbol + "'", "allowed is '%'");
    }
    return has(Flaw.ONE_WRITER) ? only : new ToyWriter();
  }

  private final class ToyWriter implements SignalWriter {
    private final double[] newSample = new double[1];
    private int definitions;
    private byte[] garbage = {};

    @Override
    public int sampleBytes() {
      return has(Flaw.OTHER_SAMPLE_BYTES) ? BYTES + 1 : BYTES;
    }

    @Override
    public Map<String, Object> definition() {
      return switch (flaw) {
        case OPEN_DEFINITION -> new HashMap<>(Map.of("dataType", "int16"));
        case CHANGING_DEFINITION -> Map.of("dataType", "int16", "n", ++definitions);
        case DEFINITION_WITH_OBJECTS -> Map.of("dataType", "int16", "since", Instant.EPOCH);
        default -> Map.of("dataType", "int16");
      };
    }

    @Override
    public Object newSample() {
      return has(Flaw.ONE_NEW_SAMPLE) ? newSample : new double[1];
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      if (!(samples instanceof double[] numbers)) {
        if (has(Flaw.TAKES_ANY_KIND)) {
          return count * BYTES;
        }
        throw has(Flaw.REFUSES_KINDS_WITHOUT_WORDS)
            ? new IllegalArgumentException()
            : new IllegalArgumentException("double[] is taken");
      }
      boolean outside =
          has(Flaw.BOUNDS_OVERFLOW)
              ? (offset | count) < 0 || offset + count > numbers.length
              : (offset | count) < 0 || count > numbers.length - offset;
      if (outside && !has(Flaw.NO_BOUNDS)) {
        throw new IndexOutOfBoundsException("not within " + numbers.length);
      }
      return count * BYTES;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      double[] numbers = (double[]) samples;
      if (has(Flaw.ALLOCATES)) {
        garbage = new byte[count + garbage.length % 2];
      }
      int from = has(Flaw.IGNORES_OFFSET) ? 0 : offset;
      int at = has(Flaw.IGNORES_POSITION) ? 0 : target.position();
      int limit = target.limit();
      if (has(Flaw.OVERRUNS_THE_LIMIT) || has(Flaw.WRITES_ALSO_BEHIND)) {
        target.limit(target.capacity());
      }
      for (int i = 0; i < count; i++) {
        put((short) numbers[from + i], at + i * BYTES, count, target);
      }
      if (has(Flaw.WRITES_ALSO_BEHIND) && at + count * BYTES < target.capacity()) {
        target.put(at + count * BYTES, (byte) 0);
      }
      if (has(Flaw.OVERRUNS_THE_LIMIT) && limit < at + count * BYTES) {
        throw new IllegalStateException("too late");
      }
      boolean fill = has(Flaw.FILLS_THE_ROOM) && limit > at + count * BYTES;
      target.limit(limit).position(fill ? limit : target.position() + count * BYTES);
      if (has(Flaw.LEAVES_ANOTHER_ORDER)) {
        target.order(ByteOrder.BIG_ENDIAN);
      }
      if (has(Flaw.CHANGES_SAMPLES)) {
        numbers[offset]++;
      }
    }

    private void put(short number, int at, int count, ByteBuffer target) {
      boolean swap = has(Flaw.BIG_ENDIAN) || (has(Flaw.BIG_ENDIAN_IN_LONG_BLOCKS) && count > 16);
      short bits = swap ? Short.reverseBytes(number) : number;
      if (has(Flaw.NEEDS_AN_ARRAY)) {
        target.array()[target.arrayOffset() + at] = (byte) bits;
        target.array()[target.arrayOffset() + at + 1] = (byte) (bits >> Byte.SIZE);
      } else {
        target.putShort(at, bits);
      }
    }
  }
}
