/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public final class UnitsTest {
  @Test
  public void constantsAreUnitsOfTheTable() {
    for (Unit unit :
        List.of(
            Unit.SECOND,
            Unit.VOLT,
            Unit.PERCENT,
            Unit.ONE,
            Unit.DEGREE_CELSIUS,
            Unit.BYTE,
            Unit.BYTE_PER_SECOND,
            Unit.HERTZ)) {
      assertEquals(unit, Units.ofSymbol(unit.symbol()).orElseThrow().unit());
    }
  }

  @Test
  public void numberIsThatOfTheCode() {
    assertEquals(5457219, Units.ofCode("SEC").orElseThrow().unit().unitId());
    assertEquals(4403766, Units.ofCode("C26").orElseThrow().unit().unitId());
    assertEquals(5655636, Units.ofCode("VLT").orElseThrow().unit().unitId());
    assertEquals(20529, Units.ofCode("P1").orElseThrow().unit().unitId());
  }

  @Test
  public void unitsAreFoundByEverySymbol() {
    assertEquals("B98", Units.ofSymbol("\u00b5s").orElseThrow().code());
    assertEquals("B98", Units.ofSymbol("\u03bcs").orElseThrow().code());
    assertEquals("B98", Units.ofSymbol("us").orElseThrow().code());
    assertEquals("CEL", Units.ofSymbol("Cel").orElseThrow().code());
    assertEquals("m/s2", Units.ofSymbol("m/s²").orElseThrow().ucum());
    assertEquals(Optional.empty(), Units.ofSymbol("furlong"));
    assertEquals(Optional.empty(), Units.ofCode(""));
  }

  @Test
  public void everyUnitHasItsCodesForItselfAlone() {
    Set<Object> seen = new HashSet<>();
    for (Units.Entry entry : Units.all()) {
      assertTrue(entry.toString(), entry.code().matches("[0-9A-Z]{2,3}"));
      assertTrue(entry.toString(), seen.add(entry.unit().unitId()));
      assertTrue(entry.toString(), seen.add("symbol " + entry.unit().symbol()));
      assertTrue(entry.toString(), seen.add("ucum " + entry.ucum()));
      assertTrue(entry.toString(), !entry.unit().name().isEmpty());
      assertTrue(entry.toString(), !entry.unit().quantity().isEmpty());
      assertTrue(entry.toString(), entry.ucum().matches("[!-~]+"));
      assertEquals(entry, Units.ofCode(entry.code()).orElseThrow());
    }
    assertTrue(Units.all().size() > 150);
  }
}
