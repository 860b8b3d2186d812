/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.List;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** What instruments write before, and in place of, a header and times. */
public final class CsvInstrumentsTest extends CsvBench {
  private void assertPreamble(int lines, String header, String preamble) throws IOException {
    String row = header.replaceAll("[^,;\t]+", "0.5").replaceFirst("0.5", "0.001");
    String next = header.replaceAll("[^,;\t]+", "1.5").replaceFirst("1.5", "0.002");
    play(preamble + header + "\n" + row + "\n" + next + "\n");
    assertEquals(List.of(MS, 2 * MS), registry.ticks(names.get(0)));
    assertEquals(List.of(0.5, 1.5), registry.values(names.get(0)));
    assertTrue(about, about.endsWith("; " + lines + " lines before the header are skipped"));
    assertTrue(about, whole);
  }

  @Test
  public void whatInstrumentsWriteBeforeTheHeaderIsSkipped() throws IOException {
    assertPreamble(
        6,
        "TIME,CH1,CH2",
        "Model,DPO3014\nFirmware Version,2.30\n\nRecord Length,10000\nSample Interval,1e-6\n,\n");
    assertPreamble(2, "Zeit;U;I", "Messung vom;03.02.2026\nBearbeiter;\"A; B\"\n");
    assertPreamble(3, "X_Value\tVoltage", "Operator\tlab\nChannels\t1\n***End_of_Header***\n");
    assertPreamble(1, "t (s),x", "Recorded by the second test bench, 2026\n");
    assertPreamble(2, "Time,1,2", "Analog:7000\nsome text with, a comma\n");
    play("Record Length,4\n\nTime,U\nms,V\n0,1\n1,2\n");
    assertEquals(List.of(0L, MS), registry.ticks("U"));
    assertEquals(Unit.VOLT, unit("U"));
  }

  @Test
  public void aHeaderAboveTextsIsNoPreamble() throws IOException {
    play("note,u\nx,1\n5,2\ny,3\n");
    assertEquals(List.of("u"), names);
    play("name,t,u\na,0,1\nb,1,2\n");
    assertEquals(List.of(0L, SECOND), registry.ticks("u"));
    play("t,u\nms,V\n0,1\n1,2\n");
    assertEquals(List.of(0L, MS), registry.ticks("u"));
    assertFalse(about, about.contains("skipped"));
  }

  @Test
  public void damageBelowAPreambleIsNamedByItsLine() {
    assertRefused("line 6: 'x' in column 'u' is no number", "A,1\nB,2\nt,u\n0,1\n1,2\n2,x\n");
  }

  @Test
  public void rigolGivesTheDistanceOfRowsInPlaceOfTimes() throws IOException {
    play("X,CH1,Start,Increment\nSequence,Volt,-6.0e-03,1.0e-06\n0,1.5,,\n1,2.5,,\n");
    assertEquals(List.of("CH1"), names);
    assertEquals(Unit.VOLT, unit("CH1"));
    assertEquals(List.of(0L, 1000L), registry.ticks("CH1"));
    assertEquals(List.of(1.5, 2.5), registry.values("CH1"));
    assertEquals("plays 1 column at 1000000.0 rows per second as the file says", about);
    play("CH1V,CH2V,t0 = -2.0e-04s, tInc = 2.5e-05,\n1,2,,\n3,4,,\n");
    assertEquals(List.of("CH1V", "CH2V"), names);
    assertEquals(List.of(0L, 25_000L), registry.ticks("CH2V"));
    play("Time(s),CH1V,t0 =-2.0e-04s,tInc = 2.5e-05\n,2\n,4\n");
    assertEquals(List.of("CH1V"), names);
    assertEquals(List.of(0L, 25_000L), registry.ticks("CH1V"));
    String bounds = "line 1: the rows lie '2e-10' s apart, allowed are 1 ns to 1 s";
    assertRefused(bounds, "X,CH1,Start,Increment\nSequence,Volt,0,2e-10\n0,1,,\n");
  }
}
