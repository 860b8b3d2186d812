/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which files a recording has, and what the commands show of them. */
public class RecordingTextTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Map<String, RemoteSignal> signals = new LinkedHashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Path file;

  @Before
  public void setUp() {
    file = folder.getRoot().toPath().resolve("x.parquet");
  }

  private RemoteSignal real(String id, String timeId) {
    RemoteSignal signal = RemoteSignals.of(SignalDescriptor.value(id, DataTypes.REAL64), timeId);
    signals.put(id, signal);
    return signal;
  }

  private RecordingText text(boolean overwrites) {
    return new RecordingText(signals, Recordings.format(file), file, overwrites, Map.of("a", "b"));
  }

  private static void put(RecordingText text, RemoteSignal signal, long row, double... values)
      throws IOException {
    SampleBlock block = RemoteSignals.block(signal, row, values);
    assertEquals(values.length, text.block(signal.signalId(), block, values.length));
  }

  private List<String> printed(Path which, String... more) {
    out.reset();
    String[] words = new String[more.length + 2];
    words[0] = "print";
    words[1] = which.toString();
    System.arraycopy(more, 0, words, 2, more.length);
    assertEquals(0, run(words));
    return out.toString(UTF_8).lines().toList();
  }

  private int run(String... words) {
    PrintStream err = new PrintStream(out, true, UTF_8);
    return Daqstream.run(new StandardStreams(out, err, false, false), new Interruption(), words);
  }

  @Test
  public void aTableIsAFile() throws IOException {
    RemoteSignal a = real("a", "t");
    RemoteSignal b = real("b", "t");
    try (RecordingText text = text(false)) {
      put(text, a, 0, 1, 2, 3);
      put(text, b, 1, 11, 12);
      text.gap("b", new Gap(Gap.Reason.DEVICE, 0, 1, false, 0, 0));
      text.end();
      assertEquals(List.of(file), text.files());
      assertEquals(Files.size(file), text.bytes());
    }
    assertEquals(
        List.of(
            "time,tick,row,a,b",
            "2026-11-23T07:32:59.900000000Z,1795419179900000000,0,1.0,",
            "2026-11-23T07:32:59.901000000Z,1795419179901000000,1,2.0,11.0",
            "2026-11-23T07:32:59.902000000Z,1795419179902000000,2,3.0,12.0"),
        printed(file));
    assertEquals("time,tick,row,b", printed(file, "b", "-n", "1").get(0));
    assertTrue(printed(file, "--json").get(0).contains("\"b\":null"));
    assertEquals(0, run("info", file.toString()));
    String info = out.toString(UTF_8);
    assertTrue(info, info.contains("device  "));
    assertTrue(info, info.contains("2026-11-23T07:32:59.902000000Z"));
  }

  @Test
  public void severalTablesAreSeveralFiles() throws IOException {
    RemoteSignal a = real("a", "one/time");
    RemoteSignal b = real("b", "two/time");
    try (RecordingText text = text(false)) {
      put(text, a, 0, 1);
      put(text, b, 0, 2);
      text.end();
    }
    assertEquals(2, printed(Recordings.variant(file, ".one-time")).size());
    assertEquals(2, printed(Recordings.variant(file, ".two-time")).size());
    assertFalse(Files.exists(file));
  }

  @Test
  public void aSignalThatBecomesAnotherOneBeginsAFile() throws IOException {
    RemoteSignal a = real("a", "t");
    try (RecordingText text = text(false)) {
      put(text, a, 0, 1);
      put(text, RemoteSignals.of(a.descriptor().toBuilder(), "t"), 1, 2); // the same in new words
      SignalDescriptor.Builder other = a.descriptor().toBuilder().unit(Unit.VOLT);
      put(text, RemoteSignals.of(other, "t"), 2, 3);
      text.end();
    }
    assertEquals(3, printed(file).size());
    assertEquals(2, printed(Recordings.variant(file, "-1")).size());
  }

  @Test
  public void theFirstSamplesOfABlockAreEnough() throws IOException {
    RemoteSignal a = real("a", "t");
    try (RecordingText text = text(false)) {
      assertEquals(2, text.block("a", RemoteSignals.block(a, 0, 1, 2, 3), 2));
      text.end();
    }
    assertEquals(3, printed(file).size());
  }

  @Test
  public void theLastRowsAreCompleted() throws IOException {
    RemoteSignal a = real("a", "t");
    RemoteSignal b = real("b", "t");
    try (RecordingText text = text(false)) {
      put(text, a, 0, 1, 2);
      assertTrue("b is missing", text.finish());
      assertEquals(2, text.block("b", RemoteSignals.block(b, 0, 11, 12, 13), 3));
      assertFalse("nothing is", text.finish());
      assertEquals(0, text.block("a", RemoteSignals.block(a, 2, 3), 1));
      text.end();
    }
    assertEquals(3, printed(file).size());
    assertTrue(printed(file).get(2), printed(file).get(2).endsWith(",2.0,12.0"));
  }

  @Test
  public void nothingIsWrittenOverUnlessItIsWanted() throws IOException {
    RemoteSignal a = real("a", "t");
    Files.writeString(file, "precious");
    try (RecordingText text = text(false)) {
      assertThrows(FileAlreadyExistsException.class, text::checkFree);
      assertThrows(FileAlreadyExistsException.class, () -> put(text, a, 0, 1));
    }
    assertEquals("precious", Files.readString(file));
    try (RecordingText text = text(true)) {
      text.checkFree();
      put(text, a, 0, 1);
      text.end();
    }
    assertEquals(2, printed(file).size());
  }

  @Test
  public void whatAnInterruptedOneLeftIsMended() throws IOException {
    RemoteSignal a = real("a", "t");
    try (RecordingText text = text(true)) {
      put(text, a, 0, 1);
    }
    try (RecordingText text = text(true)) {
      assertThrows(FileAlreadyExistsException.class, text::checkFree);
    }
    assertEquals(1, run("info", file.toString()));
    assertTrue(out.toString(UTF_8), out.toString(UTF_8).contains("'daqstream repair " + file));
    assertEquals(0, run("repair", file.toString()));
    assertEquals(1, run("repair", file + ".parquet"));
    assertEquals(2, run("repair", "daq.lt://127.0.0.1"));
  }
}
