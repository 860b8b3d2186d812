/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.OptionalDouble;

/** What the first rows hold in one column. */
final class CsvSample {
  private String first = "";
  private int numbers;
  private int wholeNumbers;
  private int nans;
  private int texts;

  void add(String cell) {
    if (cell.isEmpty()) {
      return;
    }
    if (first.isEmpty()) {
      first = cell;
    }
    OptionalDouble number = CsvNumber.parse(cell);
    if (number.isEmpty()) {
      texts++;
    } else if (Double.isNaN(number.getAsDouble())) {
      nans++;
    } else {
      numbers++;
      wholeNumbers += CsvNumber.isWhole(cell) ? 1 : 0;
    }
  }

  boolean isEmpty() {
    return first.isEmpty();
  }

  /** Not one of the texts that happen to be there; a text among numbers is damage. */
  boolean isNumeric() {
    return numbers > 0 ? numbers >= texts : nans > 0 && texts == 0;
  }

  /** Whether it counts rows. */
  boolean isWhole() {
    return numbers > 0 && wholeNumbers == numbers && nans + texts == 0;
  }

  boolean isDate() {
    return CsvTime.isDate(first);
  }

  boolean isDay() {
    return CsvTime.isDay(first);
  }

  boolean isClock() {
    return CsvTime.isClock(first);
  }
}
