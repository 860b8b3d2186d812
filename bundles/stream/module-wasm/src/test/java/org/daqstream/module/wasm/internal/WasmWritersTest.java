/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Data types whose code is a file. */
public class WasmWritersTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Running running;

  @Before
  public void start() {
    LogLines.clear();
    running = new Running(folder.getRoot().toPath());
  }

  @After
  public void stop() {
    running.close();
    assertEquals("withdrawn", Map.of(), running.writers);
    Await.noThread("daqstream-module");
  }

  private SignalWriterFactory factory(String code) {
    running.modules.configure(Running.settings("tenths", "tenths.wasm"));
    running.file("tenths", Running.code(code));
    running.modules.change(Running.settings("tenths", "tenths.wasm"));
    Await.until("a data type", () -> running.writers.containsKey("tenths"));
    return running.writers.get("tenths");
  }

  private static SignalWriter writer(SignalWriterFactory factory) throws Exception {
    return factory.create(SignalDescriptor.value("s", "tenths").build());
  }

  private static short[] written(SignalWriter writer, double... samples) {
    ByteBuffer target = ByteBuffer.allocate(writer.encodedBytes(samples, 0, samples.length));
    writer.encode(samples, 0, samples.length, target.order(ByteOrder.LITTLE_ENDIAN));
    assertEquals(0, target.remaining());
    short[] values = new short[samples.length];
    target.flip().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(values);
    return values;
  }

  @Test
  public void samplesAreWrittenByTheFile() throws Exception {
    SignalWriter writer = writer(factory("tenths"));
    assertEquals(Map.of("dataType", "int16"), writer.definition());
    assertEquals(2, writer.sampleBytes());
    assertArrayEquals(new short[] {15, -20, 300}, written(writer, 1.5, -2, 30));
    assertEquals("wasm writer", running.status("tenths").kind());
    assertEquals(State.RUNNING, running.status("tenths").state());
    assertTrue(running.status("tenths").memoryBytes() > 0);
    double[] many = new double[10_000];
    many[9_999] = 7;
    short[] values = written(writer, many);
    assertEquals(0, values[9_998]);
    assertEquals(70, values[9_999]);
  }

  @Test
  public void onlyAPartIsWrittenAndNothingElseTouched() throws Exception {
    SignalWriter writer = writer(factory("tenths"));
    ByteBuffer target = ByteBuffer.allocateDirect(20).order(ByteOrder.LITTLE_ENDIAN);
    target.position(6);
    writer.encode(new double[] {1, 2, 3, 4}, 1, 2, target);
    assertEquals(10, target.position());
    assertEquals(20, target.getShort(6));
    assertEquals(30, target.getShort(8));
    assertEquals(0, target.getShort(4));
    assertEquals(0, target.getShort(10));
    ByteBuffer carried = ByteBuffer.wrap(new byte[] {1, 0, 2, 0}).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(carried, 1, 1, target);
    assertEquals(2, target.getShort(10));
    assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new int[1], 0, 1));
    target.limit(target.position() + 1);
    assertThrows(RuntimeException.class, () -> writer.encode(new double[1], 0, 1, target));
  }

  @Test
  public void whatTheTypeCannotHaveIsRefused() {
    SignalWriterFactory factory = factory("tenths");
    SignalDescriptor scaled = SignalDescriptor.value("s", "tenths").postScaling(0, 2).build();
    assertThrows(UnsupportedSignalException.class, () -> factory.create(scaled));
  }

  @Test
  public void aFaultIsAHoleAndTheWriterComesBack() throws Exception {
    SignalWriterFactory factory = factory("tenths");
    SignalWriter bad = writer(factory);
    SignalWriter good = writer(factory);
    assertThrows(IllegalStateException.class, () -> written(bad, 666));
    assertThrows("not yet", IllegalStateException.class, () -> written(bad, 1));
    assertArrayEquals(new short[] {10}, written(good, 1));
    assertEquals(1, running.status("tenths").failures());
    assertEquals(1, LogLines.with("tenths does not write s: daqstream_encode").size());
    Await.until("it writes again", () -> writes(bad));
    assertThrows("endless", IllegalStateException.class, () -> written(bad, 777));
    assertFalse(Thread.interrupted());
    assertEquals(1, LogLines.with("it took longer than eventTimeMs = 300").size());
    Await.until("it writes again", () -> writes(bad));
  }

  private static boolean writes(SignalWriter writer) {
    try {
      return written(writer, 1)[0] == 10;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  public void newCodeIsANewServiceAndABrokenOneLeavesTheOld() throws Exception {
    SignalWriterFactory first = factory("tenths");
    running.drop("other", Running.code("tenths-odd")); // has a type that nobody knows
    Await.until("refusal", () -> running.status("other").reason().contains("gives 'odd'"));
    assertEquals(State.WAITING, running.status("other").state());

    running.file("tenths", Running.code("tenths-odd"));
    Await.until(
        "refusal", () -> running.status("tenths").reason().startsWith("the new code is refused"));
    assertEquals(first, running.writers.get("tenths"));
    running.file("tenths", Running.code("tenths-more"));
    Await.until("update", () -> running.status("tenths").updates() == 1);
    SignalWriterFactory second = running.writers.get("tenths");
    assertNotSame(first, second);
    assertArrayEquals(new short[] {16}, written(writer(second), 1.5));
    assertArrayEquals("until it is not asked", new short[] {15}, written(writer(first), 1.5));
    SignalWriter old = writer(first);
    assertThrows("bounded, too", IllegalStateException.class, () -> written(old, 777));
  }

  @Test
  public void aFileThatBecomesAModuleIsNoDataTypeAnyMore() {
    factory("tenths");
    running.file("tenths", Running.code("echo"));
    Await.until("withdrawn", () -> running.writers.isEmpty());
    running.await("tenths", State.RUNNING);
    ModuleStatus status = running.status("tenths");
    assertEquals("wasm", status.kind());
    running.file("tenths", Running.code("tenths"));
    Await.until("a data type", () -> running.writers.containsKey("tenths"));
    assertFalse(running.streams.of("tenths").isOpen("in"));
  }
}
