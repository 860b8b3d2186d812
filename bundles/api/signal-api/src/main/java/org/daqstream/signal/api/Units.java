/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The common units of measurement, with the codes by which others know them. They are read from
 * {@code units.csv} beside this class. Safe for any thread.
 */
public final class Units {
  /**
   * A unit and its codes.
   *
   * @param unit the unit with its OPC UA number
   * @param code UNECE common code, for example {@code "VLT"}
   * @param ucum code in the Unified Code for Units of Measure, for example {@code "V"}
   */
  public record Entry(Unit unit, String code, String ucum) {}

  private static final String TABLE = "units.csv";
  private static final int COLUMNS = 5;

  private static final List<Entry> ENTRIES = read();
  private static final Map<String, Entry> BY_CODE = index(Entry::code);
  private static final Map<String, Entry> BY_SYMBOL = index(entry -> entry.unit().symbol());
  private static final Map<String, Entry> BY_UCUM = index(Entry::ucum);

  private Units() {}

  /** {@return the whole table, ordered by quantity} */
  public static List<Entry> all() {
    return ENTRIES;
  }

  /**
   * {@return the unit with a UNECE common code, empty when it is not in the table}
   *
   * @param code for example {@code "VLT"}
   */
  public static Optional<Entry> ofCode(String code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  /**
   * {@return the unit with a symbol, or with a UCUM code when there is no such symbol, empty when
   * it is not in the table}
   *
   * @param symbol for example {@code "kV"}, {@code "°C"} or {@code "Cel"}; {@code "us"} and the two
   *     Greek letters of {@code "µs"} are the same
   */
  public static Optional<Entry> ofSymbol(String symbol) {
    String micro = symbol.replace('\u03bc', '\u00b5');
    Entry found = BY_SYMBOL.get(micro);
    return Optional.ofNullable(found == null ? BY_UCUM.get(symbol) : found);
  }

  private static Map<String, Entry> index(Function<Entry, String> key) {
    Map<String, Entry> index = new LinkedHashMap<>();
    ENTRIES.forEach(entry -> index.putIfAbsent(key.apply(entry), entry));
    return index;
  }

  private static List<Entry> read() {
    List<Entry> entries = new ArrayList<>();
    try (InputStream table = Units.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          entries.add(entry(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(TABLE, e);
    }
    return List.copyOf(entries);
  }

  private static Entry entry(String line) {
    String[] column = line.split(",", -1);
    if (column.length != COLUMNS) {
      throw new IllegalStateException(TABLE + ": " + line);
    }
    return new Entry(Unit.ofCode(column[0], column[1], column[2], column[3]), column[0], column[4]);
  }
}
