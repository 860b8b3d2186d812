/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.sample.support.Json;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

public class SampleTextTest {
  private static final String TIME = "2026-11-23T07:32:59.900000000Z";

  private final List<String> lines = new ArrayList<>();
  private final Map<String, RemoteSignal> signals = new LinkedHashMap<>();

  private RemoteSignal real(String id, String timeId) {
    return add(SignalDescriptor.value(id, DataTypes.REAL64), timeId);
  }

  private RemoteSignal add(SignalDescriptor.Builder builder, String timeId) {
    RemoteSignal signal = RemoteSignals.of(builder, timeId);
    signals.put(signal.signalId(), signal);
    return signal;
  }

  private SampleText csv(TimeForm form) throws IOException {
    SampleText text =
        new CsvTable(signals, form, line -> lines.add(line.toString()), foreign -> foreign);
    text.begin();
    return text;
  }

  private void assertCells(
      String headings, String cells, SignalDescriptor.Builder builder, ByteBuffer sample)
      throws IOException {
    lines.clear();
    signals.clear();
    RemoteSignal signal = add(builder, "t");
    csv(TimeForm.ISO).block("s", RemoteSignals.block(signal, 0, 1, sample), 1);
    assertEquals(List.of("time," + headings + ",gap", TIME + "," + cells + ","), lines);
  }

  private void assertNumber(String text, String dataType, ByteBuffer sample) throws IOException {
    assertCells("s", text, SignalDescriptor.value("s", dataType), sample);
  }

  @Test
  public void numbersAreExactAndShort() throws IOException {
    assertNumber("2.0E-4", DataTypes.REAL64, RemoteSignals.bytes(8).putDouble(2e-4));
    assertNumber("0.1", DataTypes.REAL32, RemoteSignals.bytes(4).putFloat(0.1f));
    assertNumber("2.0E-322", DataTypes.REAL64, RemoteSignals.bytes(8).putDouble(2e-322));
    assertNumber("NaN", DataTypes.REAL64, RemoteSignals.bytes(8).putDouble(Double.NaN));
    assertNumber(
        "-inf", DataTypes.REAL64, RemoteSignals.bytes(8).putDouble(Double.NEGATIVE_INFINITY));
    assertNumber("18446744073709551615", DataTypes.UINT64, RemoteSignals.bytes(8).putLong(-1));
    assertNumber(
        "-170141183460469231731687303715884105728",
        DataTypes.INT128,
        RemoteSignals.bytes(16).putLong(0).putLong(Long.MIN_VALUE));
  }

  @Test
  public void structsAndComplexNumbersHaveAColumnForEachPart() throws IOException {
    assertCells(
        "s.id,s.data,s.inner.x",
        "291,\"[1,2]\",0.5",
        SignalDescriptor.value("s", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("id", DataTypes.INT32),
                    StructMember.array("data", DataTypes.UINT8, 2),
                    new StructMember(
                        "inner",
                        DataTypes.STRUCT,
                        List.of(),
                        List.of(new StructMember("x", DataTypes.REAL64))))),
        RemoteSignals.bytes(14).putInt(291).put((byte) 1).put((byte) 2).putDouble(0.5));
    assertCells(
        "s.re,s.im",
        "1.5,-2.5",
        SignalDescriptor.value("s", DataTypes.COMPLEX32),
        RemoteSignals.bytes(8).putFloat(1.5f).putFloat(-2.5f));
  }

  @Test
  public void dimensionsAreListsAndBitsANumber() throws IOException {
    assertCells(
        "s",
        "\"[1,2,3]\"",
        SignalDescriptor.value("s", DataTypes.UINT8)
            .dimensions(List.of(new Dimension.Linear("bin", 0, 1, 3, Unit.NONE))),
        RemoteSignals.bytes(3).put(new byte[] {1, 2, 3}));
    assertCells(
        "s",
        "5",
        SignalDescriptor.value("s", DataTypes.BIT_FIELD)
            .bits(DataTypes.UINT16, List.of(new Bit(0, "ready", ""))),
        RemoteSignals.bytes(2).putShort((short) 5));
  }

  @Test
  public void textsAreQuotedWhereTheyNeedIt() throws IOException {
    assertCells(
        "s",
        "\"say \"\"hi\"\",\nthen\"",
        SignalDescriptor.text("s"),
        ByteBuffer.wrap("say \"hi\",\nthen".getBytes(StandardCharsets.UTF_8)));
    assertCells(
        "s",
        "01ff",
        SignalDescriptor.value("s", DataTypes.BINARY),
        ByteBuffer.wrap(new byte[] {1, -1}));
  }

  @Test
  public void signalsOfOneTableShareLinesAndOthersHaveTheirOwn() throws IOException {
    RemoteSignal a = real("a", "t");
    RemoteSignal b = real("b", "t");
    RemoteSignal c = real("c", "u");
    SampleText text = csv(TimeForm.TICKS);
    text.block("a", RemoteSignals.block(a, 0, 1, 2, 3), 3);
    text.block("c", RemoteSignals.block(c, 0, 9), 1);
    text.block("b", RemoteSignals.block(b, 0, 4, 5), 2);
    text.end();
    assertEquals(
        List.of(
            "tick,a,b,c,gap",
            RemoteSignals.START + ",,,9.0,",
            RemoteSignals.START + ",1.0,4.0,,",
            (RemoteSignals.START + RemoteSignals.DELTA) + ",2.0,5.0,,",
            (RemoteSignals.START + 2 * RemoteSignals.DELTA) + ",3.0,,,"),
        lines);
  }

  @Test
  public void aSampleDoesNotWaitLongForTheOthersOfItsRow() throws Exception {
    RemoteSignal a = real("a", "t");
    real("b", "t");
    SampleText text = csv(TimeForm.NS);
    text.block("a", RemoteSignals.block(a, 0, 1), 1);
    text.idle();
    assertEquals(1, lines.size());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (lines.size() < 2 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
      text.idle();
    }
    assertEquals(List.of("time_ns,a,b,gap", RemoteSignals.START + ",1.0,,"), lines);
  }

  @Test
  public void inTheEndOnlyWhatIsBegunIsCompleted() throws IOException {
    RemoteSignal a = real("a", "t");
    RemoteSignal b = real("b", "t");
    SampleText text = csv(TimeForm.TICKS);
    assertEquals(1, text.block("a", RemoteSignals.block(a, 0, 1, 2), 1));
    assertTrue(text.finish());
    assertEquals(0, text.block("a", RemoteSignals.block(a, 2, 3), 1));
    assertEquals(1, text.block("b", RemoteSignals.block(b, 0, 4, 5), 2));
    assertFalse(text.finish());
    text.end();
    assertEquals(List.of("tick,a,b,gap", RemoteSignals.START + ",1.0,4.0,"), lines);
  }

  @Test
  public void aGapHasALineOfItsOwn() throws IOException {
    RemoteSignal a = real("a", "t");
    SampleText text = csv(TimeForm.ISO);
    text.block("a", RemoteSignals.block(a, 0, 1), 1);
    Gap gap =
        new Gap(
            Gap.Reason.CONNECTION,
            1,
            4,
            true,
            RemoteSignals.START + 1_000_000,
            RemoteSignals.START + 4_000_000);
    text.gap("a", gap);
    text.gap("a", new Gap(Gap.Reason.DEVICE, 9, 2, false, 0, 0));
    assertEquals(
        List.of(
            "time,a,gap",
            TIME + ",1.0,",
            "2026-11-23T07:32:59.901000000Z,,\"a: connection, 3 rows missing from row 1,"
                + " until 2026-11-23T07:32:59.904000000Z\"",
            ",,\"a: device, rows go on at 2 instead of 9\""),
        lines);
  }

  @Test
  public void aSignalThatBecomesAnotherOneEndsTheTable() throws IOException {
    real("a", "t");
    SampleText text = csv(TimeForm.ISO);
    RemoteSignal other = RemoteSignals.of(SignalDescriptor.value("a", DataTypes.COMPLEX64), "t");
    SampleBlock block = RemoteSignals.block(other, 0, 1, RemoteSignals.bytes(16));
    assertThrows(CliException.class, () -> text.block("a", block, 1));
  }

  @Test
  public void objectsHaveTimeRowAndValue() throws IOException {
    RemoteSignal a = real("a", "t");
    SampleText text =
        new JsonLinesText(signals, TimeForm.ISO, line -> lines.add(line.toString()), Json::of);
    text.block("a", RemoteSignals.block(a, 0, 1.5, 2.5), 1);
    text.gap("a", new Gap(Gap.Reason.ROWS, 1, 3, true, RemoteSignals.START, 0));
    assertEquals(
        "{\"time\":\"" + TIME + "\",\"signalId\":\"a\",\"row\":0,\"value\":1.5}", lines.get(0));
    assertEquals(
        "{\"time\":\""
            + TIME
            + "\",\"signalId\":\"a\",\"gap\":{\"reason\":\"ROWS\",\"fromRow\":1,"
            + "\"toRow\":3,\"isTimeKnown\":true,\"fromTick\":1795419179900000000,\"toTick\":0}}",
        lines.get(1));
  }
}
