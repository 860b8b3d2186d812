/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Int128;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;

/** A signal as cells of a line: one, or one for each number of a sample. */
final class SignalCells {
  private static final int CELLS_LIMIT = 4096;

  /** A number of a sample. */
  private record Cell(String suffix, ElementType type, int offset) {}

  private final SignalDescriptor signal;
  private final PostScaling scaling; // null: numbers as they are
  private final boolean isText;
  private final int sampleBytes;
  private final List<Cell> cells = new ArrayList<>(); // none: the bytes of a sample in one

  SignalCells(SignalDescriptor signal) throws IOException {
    this.signal = signal;
    sampleBytes = SampleSize.of(signal);
    isText =
        SignalDescriptor.UTF8_TEXT.equals(signal.metadata().get(SignalDescriptor.CONTENT_TYPE));
    boolean isBits = signal.dataType().equals(DataTypes.BIT_FIELD);
    scaling = isBits ? null : signal.postScaling();
    int elements =
        signal.dimensions().stream().mapToInt(Dimension::size).reduce(1, (a, b) -> a * b);
    if (elements <= 0 || elements > CELLS_LIMIT) {
      throw tooMany();
    }
    ElementType type = ElementType.of(isBits ? signal.bitFieldType() : signal.dataType());
    for (int i = 0; i < elements; i++) {
      String suffix = suffix(signal.dimensions(), i);
      if (signal.dataType().equals(DataTypes.STRUCT)) {
        addStruct(suffix, i * sampleBytes / elements);
      } else if (type != null) {
        add(suffix, type, i * type.bytes());
      }
    }
    if (cells.size() > CELLS_LIMIT) {
      throw tooMany();
    }
  }

  private IOException tooMany() {
    return new IOException(
        "signal '%s' has more than %s numbers in a sample, too many for columns of CSV; record it"
                .formatted(signal.signalId(), CELLS_LIMIT)
            + " as Parquet");
  }

  private static String suffix(List<Dimension> dimensions, int index) {
    StringBuilder text = new StringBuilder();
    int rest = index;
    for (int i = dimensions.size() - 1; i >= 0; i--) {
      text.insert(0, "[" + rest % dimensions.get(i).size() + "]");
      rest /= dimensions.get(i).size();
    }
    return text.toString();
  }

  private void addStruct(String suffix, int offset) {
    for (StructLayout.Field field : StructLayout.of(signal).fields()) {
      for (int i = 0; i < field.elements(); i++) {
        String index = field.elements() == 1 ? "" : "[" + i + "]";
        int at = offset + field.offsetBytes() + i * field.type().bytes();
        add(suffix + "." + field.path() + index, field.type(), at);
      }
    }
  }

  private void add(String suffix, ElementType type, int offset) {
    if (type.isComplex()) {
      cells.add(new Cell(suffix + ".re", type.part(), offset));
      cells.add(new Cell(suffix + ".im", type.part(), offset + type.part().bytes()));
    } else {
      cells.add(new Cell(suffix, type, offset));
    }
  }

  /** How many. */
  int count() {
    return Math.max(1, cells.size());
  }

  /**
   * What stands in the header.
   *
   * @param column what the signal is called in the file
   */
  List<String> headings(String column) {
    String unit = signal.unit().symbol().isEmpty() ? "" : " [" + signal.unit().symbol() + "]";
    return cells.isEmpty()
        ? List.of(column + unit)
        : cells.stream().map(each -> column + each.suffix() + unit).toList();
  }

  /** Appends a sample, or nothing for one that is missing; each cell has a comma in front. */
  void write(StringBuilder line, ByteBuffer samples, int at, int bytes) {
    if (samples == null) {
      line.append(",".repeat(count()));
      return;
    }
    if (cells.isEmpty()) {
      byte[] sample = new byte[bytes];
      samples.get(at, sample);
      line.append(',');
      CsvLines.quote(line, isText ? new String(sample, UTF_8) : HexFormat.of().formatHex(sample));
      return;
    }
    for (Cell each : cells) {
      line.append(',');
      writeNumber(line, each.type(), samples, at + each.offset());
    }
  }

  private void writeNumber(StringBuilder line, ElementType type, ByteBuffer samples, int at) {
    if (scaling != null && type != ElementType.INT128 && type != ElementType.UINT128) {
      real(line, scaling.scale() * type.doubleAt(samples, at) + scaling.offset());
      return;
    }
    switch (type) {
      case REAL32 -> {
        float value = (float) type.doubleAt(samples, at);
        if (Float.isFinite(value)) {
          line.append(NumberOutput.toString(value, true));
        } else {
          real(line, value);
        }
      }
      case REAL64 -> real(line, type.doubleAt(samples, at));
      case UINT64 -> line.append(Long.toUnsignedString(type.longAt(samples, at)));
      case INT128, UINT128 ->
          line.append(
              Int128.toBigInteger(
                  ElementType.INT64.longAt(samples, at),
                  ElementType.INT64.longAt(samples, at + Long.BYTES),
                  type.isUnsigned()));
      default -> line.append(type.longAt(samples, at));
    }
  }

  private static void real(StringBuilder line, double value) {
    if (Double.isNaN(value)) {
      line.append("NaN");
    } else if (Double.isInfinite(value)) {
      line.append(value > 0 ? "inf" : "-inf");
    } else {
      line.append(NumberOutput.toString(value, true));
    }
  }

  /**
   * The sample of some cells, {@code null} when it is missing.
   *
   * @throws IllegalArgumentException when they hold none
   */
  ByteBuffer read(List<String> line, int from) {
    if (cells.isEmpty()) {
      String cell = line.get(from);
      return cell == null
          ? null
          : ByteBuffer.wrap(isText ? cell.getBytes(UTF_8) : HexFormat.of().parseHex(cell));
    }
    boolean isMissing = line.get(from) == null;
    ByteBuffer sample = isMissing ? null : ByteBuffer.allocate(sampleBytes);
    for (int i = 0; i < cells.size(); i++) {
      String cell = line.get(from + i);
      if ((cell == null) != isMissing) {
        throw new IllegalArgumentException("a part of a sample is missing");
      }
      if (cell != null) {
        readNumber(cell, cells.get(i).type(), sample, cells.get(i).offset());
      }
    }
    return sample;
  }

  private void readNumber(String cell, ElementType type, ByteBuffer sample, int at) {
    boolean isWide = type == ElementType.INT128 || type == ElementType.UINT128;
    if (scaling != null && !isWide) {
      double raw = (real(cell) - scaling.offset()) / scaling.scale();
      type.putDouble(sample, at, type.isReal() ? raw : Math.rint(raw));
    } else if (type == ElementType.REAL32) {
      type.putDouble(sample, at, isSpecial(cell) ? real(cell) : Float.parseFloat(cell));
    } else if (type.isReal()) {
      type.putDouble(sample, at, real(cell));
    } else if (isWide) {
      BigInteger number = new BigInteger(cell);
      ElementType.INT64.putLong(sample, at, number.longValue());
      ElementType.INT64.putLong(sample, at + Long.BYTES, number.shiftRight(Long.SIZE).longValue());
    } else {
      long number =
          type == ElementType.UINT64 ? Long.parseUnsignedLong(cell) : Long.parseLong(cell);
      type.putLong(sample, at, number);
      if (type.longAt(sample, at) != number) {
        throw new IllegalArgumentException(
            "'%s' does not fit %s".formatted(cell, type.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private static boolean isSpecial(String cell) {
    return cell.equals("NaN") || cell.endsWith("inf");
  }

  private static double real(String cell) {
    return switch (cell) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(cell);
    };
  }
}
