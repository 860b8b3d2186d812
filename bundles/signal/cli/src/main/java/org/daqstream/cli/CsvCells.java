/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.SampleDecoder.Bits;
import org.daqstream.sample.support.SampleDecoder.Bytes;
import org.daqstream.sample.support.SampleDecoder.Complex;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;

/** The columns of a signal in a table, and its samples in them (RFC 4180 for quotes). */
final class CsvCells {
  private CsvCells() {}

  /** One column, or one for each member of a struct and each part of a complex number. */
  static List<String> headings(SignalDescriptor signal) {
    String id = signal.signalId();
    if (!signal.dimensions().isEmpty()) {
      return List.of(id);
    }
    return switch (signal.dataType()) {
      case DataTypes.STRUCT ->
          StructLayout.of(signal).fields().stream().map(field -> id + "." + field.path()).toList();
      case DataTypes.COMPLEX32, DataTypes.COMPLEX64 -> List.of(id + ".re", id + ".im");
      default -> List.of(id);
    };
  }

  /**
   * A value as cells, quoted.
   *
   * @param columns how many
   * @param clean makes texts of the device fit for where they go
   */
  static List<String> of(Object value, int columns, UnaryOperator<String> clean) {
    List<String> cells = new ArrayList<>(columns);
    if (value instanceof Map<?, ?> members && members.size() == columns) {
      members.values().forEach(each -> cells.add(cell(each, clean)));
    } else if (value instanceof Complex number && columns == 2) {
      cells.add(number(number.re()));
      cells.add(number(number.im()));
    } else {
      cells.add(cell(value, clean));
    }
    while (cells.size() < columns) {
      cells.add("");
    }
    return cells;
  }

  private static String cell(Object value, UnaryOperator<String> clean) {
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof Bits bits) {
      return bits.value().toString();
    }
    if (value instanceof Bytes bytes) {
      return bytes.hex();
    }
    return quoted(clean.apply(value instanceof String text ? text : Json.of(value)));
  }

  /** The shortest digits that give the same number again; inf and NaN as readers of tables want. */
  static String number(Number number) {
    double real = number instanceof Double || number instanceof Float ? number.doubleValue() : 0;
    if (Double.isInfinite(real)) {
      return real > 0 ? "inf" : "-inf";
    }
    if (number instanceof Double) {
      return NumberOutput.toString(real, true);
    }
    return number instanceof Float ? NumberOutput.toString((float) real, true) : number.toString();
  }

  /** A text with quotes where it needs them. */
  static String quoted(String text) {
    boolean needsQuotes =
        text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            || !text.equals(text.strip());
    return needsQuotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
