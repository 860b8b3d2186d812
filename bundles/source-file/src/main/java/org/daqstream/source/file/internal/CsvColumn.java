/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.Units;

/**
 * A cell of a header: {@code name} or {@code name [unit]}.
 *
 * @param name what stands before the bracket
 * @param symbol what stands in it; empty when there is none
 */
record CsvColumn(String name, String symbol) {
  private static final Pattern WITH_UNIT = Pattern.compile("([^\\[]*)\\[([^\\[\\]]*)\\]");

  static CsvColumn parse(String cell) {
    Matcher matcher = WITH_UNIT.matcher(cell.strip());
    return matcher.matches()
        ? new CsvColumn(matcher.group(1).strip(), matcher.group(2).strip())
        : new CsvColumn(cell.strip(), "");
  }

  Unit unit() {
    if (symbol.isEmpty()) {
      return Unit.NONE;
    }
    return Units.ofSymbol(symbol)
        .map(Units.Entry::unit)
        .orElseGet(() -> new Unit(0, symbol, symbol, ""));
  }
}
