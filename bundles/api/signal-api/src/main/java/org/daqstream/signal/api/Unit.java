/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * A unit of measurement. Its number is the one that OPC UA derives from the UNECE common code: the
 * characters of the code as big-endian bytes, so that {@code "SEC"} is 0x534543 = 5457219.
 *
 * @param unitId OPC UA / UNECE number; -1 for no unit, 0 for one outside the table
 * @param symbol short form for displays, for example {@code "V"}
 * @param name long form, for example {@code "volt"}
 * @param quantity what is measured, for example {@code "voltage"}; only domain signals measure
 *     {@code "time"} (stock clients take any signal with that quantity for a time axis)
 */
public record Unit(int unitId, String symbol, String name, String quantity) {
  /** No unit. */
  public static final Unit NONE = new Unit(-1, "", "", "");

  /** Seconds as the unit of a time domain. */
  public static final Unit SECOND = ofCode("SEC", "s", "second", "time");

  /** Volt. */
  public static final Unit VOLT = ofCode("VLT", "V", "volt", "voltage");

  /** Per cent. */
  public static final Unit PERCENT = ofCode("P1", "%", "percent", "proportion");

  /** A bare number. */
  public static final Unit ONE = ofCode("C62", "1", "one", "dimensionless");

  /** Degree Celsius. */
  public static final Unit DEGREE_CELSIUS = ofCode("CEL", "°C", "degree Celsius", "temperature");

  /** Byte. */
  public static final Unit BYTE = ofCode("AD", "byte", "byte", "information");

  /** Byte per second. */
  public static final Unit BYTE_PER_SECOND =
      ofCode("P93", "byte/s", "byte per second", "information rate");

  /** Hertz. */
  public static final Unit HERTZ = ofCode("HTZ", "Hz", "hertz", "frequency");

  /**
   * {@return a unit of the UNECE table with the number that follows from its code}
   *
   * @param code UNECE common code, one to three characters
   * @param symbol short form
   * @param name long form
   * @param quantity what is measured
   */
  public static Unit ofCode(String code, String symbol, String name, String quantity) {
    if (code.isEmpty() || code.length() > 3) {
      throw new IllegalArgumentException("UNECE code must have 1 to 3 characters: " + code);
    }
    int unitId = 0;
    for (int i = 0; i < code.length(); i++) {
      unitId = unitId << 8 | code.charAt(i);
    }
    return new Unit(unitId, symbol, name, quantity);
  }
}
