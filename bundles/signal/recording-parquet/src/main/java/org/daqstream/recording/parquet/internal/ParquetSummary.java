/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingSummary.Column;

/** What a footer says. */
final class ParquetSummary {
  /** Sums over all row groups. */
  private static final class Sums {
    final SchemaElement element;
    String name;
    long values;
    long missing;
    long bytes;
    Comparable<?> low;
    Comparable<?> high;
    boolean isUnknown;

    Sums(SchemaElement element) {
      this.element = element;
    }
  }

  private ParquetSummary() {}

  static RecordingSummary of(Path file) throws IOException {
    FileMetaData footer = Footer.read(file);
    List<Sums> all = new ArrayList<>();
    footer.getSchema().stream().filter(SchemaElement::isSetType).map(Sums::new).forEach(all::add);
    for (RowGroup group : footer.getRow_groups()) {
      for (int i = 0; i < all.size(); i++) {
        add(all.get(i), group.getColumns().get(i));
      }
    }
    List<Column> columns = new ArrayList<>();
    Comparable<?> first = null;
    Comparable<?> last = null;
    for (Sums each : all) {
      columns.add(column(each));
      if (Schema.TICK.equals(each.name) && !each.isUnknown) {
        first = each.low;
        last = each.high;
      }
    }
    return new RecordingSummary(
        footer.getNum_rows(),
        footer.getRow_groupsSize(),
        Files.size(file),
        first instanceof Long tick ? tick : null,
        last instanceof Long tick ? tick : null,
        columns,
        Facts.of(footer));
  }

  private static Column column(Sums sums) {
    return new Column(
        sums.name,
        type(sums.element),
        sums.values - sums.missing,
        sums.missing,
        sums.bytes,
        sums.isUnknown ? null : sums.low,
        sums.isUnknown ? null : sums.high);
  }

  private static String type(SchemaElement element) {
    if (element.isSetLogicalType()) {
      if (element.getLogicalType().isSetTIMESTAMP()) {
        return "timestamp";
      }
      if (element.getLogicalType().isSetSTRING()) {
        return "text";
      }
      if (element.getLogicalType().isSetINTEGER()) {
        return (isUnsigned(element) ? "uint" : "int")
            + element.getLogicalType().getINTEGER().getBitWidth();
      }
    }
    return switch (element.getType()) {
      case FLOAT -> "real32";
      case DOUBLE -> "real64";
      case BYTE_ARRAY -> "binary";
      default -> element.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  static boolean isUnsigned(SchemaElement element) {
    return element.isSetLogicalType()
        && element.getLogicalType().isSetINTEGER()
        && !element.getLogicalType().getINTEGER().isIsSigned();
  }

  private static void add(Sums sums, ColumnChunk chunk) {
    ColumnMetaData data = chunk.getMeta_data();
    sums.name = String.join(".", data.getPath_in_schema()).replace(".list.element", "[]");
    sums.bytes += data.getTotal_compressed_size();
    sums.values += data.getNum_values();
    Statistics statistics = data.getStatistics();
    sums.missing += statistics == null ? 0 : statistics.getNull_count();
    if (!isNumber(sums.element)) {
      sums.isUnknown = true;
      return;
    }
    boolean hasNothing = statistics != null && statistics.getNull_count() == data.getNum_values();
    if (hasNothing) {
      return;
    }
    if (statistics == null || !statistics.isSetMin_value() || !statistics.isSetMax_value()) {
      sums.isUnknown = true;
      return;
    }
    Comparable<?> low = number(sums.element, statistics.getMin_value());
    Comparable<?> high = number(sums.element, statistics.getMax_value());
    sums.low = sums.low == null || compare(low, sums.low) < 0 ? low : sums.low;
    sums.high = sums.high == null || compare(high, sums.high) > 0 ? high : sums.high;
  }

  /** Whether least and greatest values are numbers as they stand there. */
  private static boolean isNumber(SchemaElement element) {
    return switch (element.getType()) {
      case INT32, INT64, FLOAT, DOUBLE -> true;
      default -> false;
    };
  }

  @SuppressWarnings("unchecked") // both are of the column's type
  private static int compare(Comparable<?> a, Comparable<?> b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  /** Nanoseconds of a unit of timestamps, which are told in these; else 1. */
  private static long nanos(SchemaElement element) {
    if (!element.isSetLogicalType() || !element.getLogicalType().isSetTIMESTAMP()) {
      return 1;
    }
    TimeUnit unit = element.getLogicalType().getTIMESTAMP().getUnit();
    return unit.isSetMILLIS() ? 1_000_000 : unit.isSetMICROS() ? 1_000 : 1;
  }

  private static Comparable<?> number(SchemaElement element, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Type type = element.getType();
    if (type == Type.INT32) {
      int value = buffer.getInt();
      return isUnsigned(element) ? Integer.toUnsignedLong(value) : (long) value;
    }
    if (type == Type.INT64) {
      long value = buffer.getLong() * nanos(element);
      return isUnsigned(element)
          ? new BigInteger(Long.toUnsignedString(value))
          : (Comparable<?>) value;
    }
    return type == Type.FLOAT
        ? (Comparable<?>) buffer.getFloat()
        : (Comparable<?>) buffer.getDouble();
  }
}
