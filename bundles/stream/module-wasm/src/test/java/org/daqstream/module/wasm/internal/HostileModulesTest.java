/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static org.daqstream.module.wasm.internal.ModuleInstanceTest.number;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What modules do wrong ends them and nothing else: a healthy one beside them loses nothing. */
public class HostileModulesTest {
  private static final int PAGE = 65536;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Running running;
  private PlayedStreams.Played healthy;
  private PlayedStreams.Played hostile;
  private int sent;

  @Before
  public void start() {
    LogLines.clear();
    running = new Running(folder.getRoot().toPath());
    healthy = running.streams.of("healthy");
    hostile = running.streams.of("hostile");
    running.drop("healthy", Running.code("echo"));
    running.modules.configure(Running.settings("hostile", "hostile.wasm"));
    running.file("hostile", Running.code("hostile"));
    running.modules.change(Running.settings("hostile", "hostile.wasm"));
    running.await("healthy", State.RUNNING);
  }

  @After
  public void stop() throws Exception {
    for (int i = 0; i < sent; i++) {
      assertEquals("A" + i, healthy.nextWritten());
    }
    assertEquals(0, running.status("healthy").failures());
    running.close();
    Await.noThread("daqstream-module");
  }

  private void sendHealthy() {
    for (int i = 0; i < 100; i++) {
      healthy.receive("in", "x" + sent++);
    }
  }

  /** Has the module do something while the healthy one works; it ends, and starts again. */
  private String endOf(String what) {
    Await.until("runs", () -> running.modules.modules().stream().anyMatch(this::isHostileUp));
    long before = running.status("hostile").failures();
    sendHealthy();
    hostile.receive("in", what);
    sendHealthy();
    Await.until("end by " + what, () -> running.status("hostile").failures() == before + 1);
    sendHealthy();
    Await.until("a new start", () -> isHostileUp(running.status("hostile")));
    String line = LogLines.with("hostile: ended").get(LogLines.with("hostile: ended").size() - 1);
    assertTrue(line, line.startsWith("ERROR hostile: ended: "));
    return line;
  }

  private boolean isHostileUp(ModuleStatus status) {
    return status.instance().equals("hostile") && status.state() == State.RUNNING;
  }

  private void assertEnds(String what, String reason) {
    String line = endOf(what);
    assertTrue(line, line.contains(reason));
  }

  private void prepare() {
    running.modules.change(Running.settings("hostile", "hostile.wasm"));
    Await.until("it runs", () -> isHostileUp(running.status("hostile")));
  }

  @Test
  public void endlessLoopsEndTheInstance() {
    prepare();
    assertEnds("l", "daqstream_data: it took longer than eventTimeMs = 300");
    assertEnds("h", "daqstream_data: it took longer than eventTimeMs = 300");
  }

  @Test
  public void recursionEndsTheInstance() {
    prepare();
    assertEnds("r", "daqstream_data: call stack exhausted");
    assertEnds("R", "daqstream_data: call stack exhausted");
  }

  @Test
  public void pointersOutsideOfTheMemoryEndTheInstance() {
    prepare();
    assertEnds("o", "pointer 4294967280 with length 8 is outside of the memory of 131072 bytes");
    assertEnds("O", "pointer 131070 with length 8 is outside");
    assertEnds("n", "pointer 0 with length 4294967295 is outside");
    assertEnds("a", "pointer 2000000000 with length 100 is outside");
    assertEnds("u", "unreachable");
    assertEquals(5, running.status("hostile").failures());
  }

  @Test
  public void memoryEndsWhereItIsConfiguredTo() throws Exception {
    prepare();
    hostile.receive("in", "g");
    assertEquals(16, number(hostile.nextWritten()));
    Await.until("memory", () -> running.status("hostile").memoryBytes() == 16 * PAGE);
    hostile.receive("in", "t");
    long entries = number(hostile.nextWritten());
    assertTrue("" + entries, entries <= ModuleCheck.TABLE_LIMIT && entries > 99_000);
  }

  @Test
  public void whatIsLargerFromTheStartDoesNotRun() {
    ModuleSettings one = new ModuleSettings("small", "echo.wasm", List.of(), PAGE, 300, 200, 60);
    running.file("echo", Running.code("echo"));
    running.modules.configure(one);
    running.await("small", State.FAILED);
    assertEquals(
        "it needs 131072 bytes of memory from the start, and memoryLimitBytes is 65536",
        running.status("small").reason());
  }

  @Test
  public void linesOfAModuleAreFewAndHarmless() throws Exception {
    prepare();
    hostile.receive("in", "f");
    hostile.receive("in", "A");
    hostile.nextWritten();
    Set<String> different = new HashSet<>(LogLines.with("a\uFFFD[31mb\uFFFDc"));
    assertEquals(Set.of("WARN a\uFFFD[31mb\uFFFDc"), different);
    assertEquals(60, LogLines.with("[31m").size());
  }

  @Test
  public void aStartThatTrapsOrNeverEndsIsTriedAgainLaterAndLater() {
    running.drop("trap", Running.code("start-trap"));
    running.drop("loop", Running.code("start-loop"));
    sendHealthy();
    Await.until("failures", () -> running.status("trap").failures() >= 3);
    Await.until("failures", () -> running.status("loop").failures() >= 2);
    sendHealthy();
    assertTrue(LogLines.all().toString(), LogLines.with("trap: ended: its start:").size() == 1);
    assertEquals(1, LogLines.with("loop: ended: its start: it took longer").size());
  }

  @Test
  public void aBufferOutsideOfTheMemoryEndsTheInstance() {
    running.drop("bad", Running.code("bad-buffer"));
    running.await("bad", State.RUNNING);
    running.streams.of("bad").receive("in", "1234567");
    Await.until("failure", () -> running.status("bad").failures() == 1);
    assertEquals(1, LogLines.with("daqstream_buffer: pointer 65530 with length 7").size());
  }

  @Test
  public void aFunctionThatIsTooLargeToBeTranslatedIsBoundedToo() {
    running.modules.configure(Running.settings("large", "large.wasm"));
    running.file("large", WasmBytes.withLargeLoop(20_000));
    running.modules.change(Running.settings("large", "large.wasm"));
    Await.until("seen", () -> running.modules.modules().size() == 3);
    Await.until("failures", () -> running.status("large").failures() >= 1);
    assertTrue(running.status("large").reason().contains("it took longer than eventTimeMs"));
  }

  private void assertRefused(String name, byte[] code, String reason) {
    running.drop(name, code);
    Await.until("refused", () -> running.status(name).reason().contains(reason));
    assertEquals(State.WAITING, running.status(name).state());
    List<String> lines =
        LogLines.with(reason).stream().filter(line -> line.contains(name + ".wasm")).toList();
    assertEquals(lines.toString(), 1, lines.size());
  }

  @Test
  public void whatAModuleMustNotHaveIsRefused() {
    assertRefused(
        "imports",
        WasmBytes.withImports(5000),
        "it imports what there is not, or not in this form: env.missing0, env.missing1,"
            + " env.missing2 and 4997 more");
    assertRefused("shared", Running.code("shared"), "its memory is shared");
    assertRefused("thrown", Running.code("thrown"), "it has exceptions");
    assertRefused("memories", Running.code("two-memories"), "it must have one memory");
    assertRefused("objects", WasmBytes.withArrayType(), "it has types with garbage collection");
    assertRefused("functions", WasmBytes.withFunctions(10_001), "it has more than 10000 functions");
    assertRefused("locals", WasmBytes.withLocals(3000), "a function has more than 2000 locals");
    assertRefused("empty", new byte[0], "it is no WebAssembly that can be used");
    assertRefused("large", new byte[LoadedModule.FILE_LIMIT_BYTES + 1], "it has 4194305 bytes");
  }
}
