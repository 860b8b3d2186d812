/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Life of an instance: start, events, new code, end. */
public class ModuleInstanceTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Running running;
  private PlayedStreams.Played echo;

  @Before
  public void start() {
    LogLines.clear();
    running = new Running(folder.getRoot().toPath());
    echo = running.streams.of("echo");
  }

  @After
  public void stop() {
    running.close();
    Await.noThread("daqstream-module");
  }

  @Test
  public void aDroppedFileRunsAndAnswers() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    echo.receive("in", "xyz");
    assertEquals("Ayz", echo.nextWritten());
    echo.receive("in", "");
    assertEquals("", echo.nextWritten());
    ModuleStatus status = running.status("echo");
    Await.until("two events", () -> running.status("echo").events() == 2);
    assertEquals("wasm", status.kind());
    assertEquals(2 * 65536, status.memoryBytes());
    assertTrue("" + status, status.busyNanos() > 0);
  }

  @Test
  public void aMessageThatIsTooLargeForTheModuleIsLostAndSaid() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    echo.receive("in", "x".repeat(65537));
    echo.receive("in", "x".repeat(65536));
    assertEquals("A" + "x".repeat(65535), echo.nextWritten());
    assertEquals(1, LogLines.with("no room for a message of 65537 bytes").size());
  }

  @Test
  public void theModulesLinesAreInTheInstancesName() {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    echo.peerUp("in", "192.0.2.1:5\n");
    Await.until("line", () -> !LogLines.with("192.0.2.1:5\uFFFD").isEmpty());
  }

  @Test
  public void theEndIsToldToTheModuleAndClosesItsStreams() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    running.modules.pickUp("echo");
    assertEquals("stop", echo.nextWritten());
    assertTrue(echo.isClosed);
    assertFalse(echo.isOpen("in"));
    assertEquals(List.of(), running.modules.modules());
  }

  @Test
  public void whatCannotBeOpenedIsTriedAgain() throws Exception {
    echo.openResult = StreamResult.NOTSUP;
    running.modules.configure(Running.settings("echo", "echo.wasm"));
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.FAILED);
    assertEquals("daqstream_init gives 12", running.status("echo").reason());
    echo.openResult = StreamResult.OK;
    running.await("echo", State.RUNNING);
    echo.receive("in", "x");
    assertEquals("A", echo.nextWritten());
  }

  @Test
  public void aStreamThatEndsStartsTheInstanceAnewWhenItDoesNotLook() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    echo.end("in");
    Await.until("failure", () -> running.status("echo").failures() == 1);
    running.await("echo", State.RUNNING);
    assertEquals(1, LogLines.with("stream in has ended: the test wants it").size());
    echo.receive("in", "x");
    assertEquals("A", echo.nextWritten());
  }

  @Test
  public void newCodeTakesOverOpenStreams() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    echo.peerUp("in", "peer one");
    for (int i = 0; i < 1000; i++) {
      echo.receive("in", "x" + i);
      if (i == 500) {
        running.drop("echo", Running.code("echo-b"));
      }
    }
    Await.until("update", () -> running.status("echo").updates() == 1);
    echo.receive("in", "last");
    int next = 0;
    boolean isNew = false;
    for (String message = echo.nextWritten();
        !message.equals("Bast");
        message = echo.nextWritten()) {
      if (message.equals("stop")) {
        isNew = true;
      } else {
        assertEquals((isNew ? "B" : "A") + next++, message);
      }
    }
    assertEquals(1000, next);
    assertTrue(isNew);
    assertEquals(List.of("open in", "open out"), echo.calls);
    assertEquals("the new code is told who is there", 2, LogLines.with("peer one").size());
    assertEquals(3 * 65536, running.status("echo").memoryBytes());
  }

  @Test
  public void codeThatCannotStartLeavesTheOldOne() throws Exception {
    running.drop("echo", Running.code("echo"));
    running.await("echo", State.RUNNING);
    running.drop("echo", Running.code("echo-broken"));
    Await.until("said", () -> !LogLines.with("the old code stays").isEmpty());
    echo.receive("in", "x");
    assertEquals("A", echo.nextWritten());
    assertEquals(List.of("open in", "open out", "open other", "close other"), echo.calls);
    assertEquals(State.RUNNING, running.status("echo").state());
    assertTrue(running.status("echo").reason().contains("unreachable"));
    running.drop("echo", new byte[] {0, 'a', 's', 'm'});
    Await.until("no module", () -> running.status("echo").reason().contains("no WebAssembly"));
    running.drop("echo", Running.code("echo-b"));
    Await.until("update", () -> running.status("echo").updates() == 1);
    assertEquals("", running.status("echo").reason());
    assertEquals("stop", echo.nextWritten());
    echo.receive("in", "x");
    assertEquals("B", echo.nextWritten());
  }

  @Test
  public void aConfiguredFileIsWatched() throws Exception {
    running.file("code", Running.code("echo"));
    running.modules.configure(Running.settings("echo", "code.wasm"));
    running.await("echo", State.RUNNING);
    running.file("code", Running.code("echo-b")); // another size
    Await.until("update", () -> running.status("echo").updates() == 1);
    running.modules.forget("echo");
    assertEquals(List.of(), running.modules.modules());
  }

  @Test
  public void aConfigurationWithoutFileIsForTheDroppedOne() throws Exception {
    running.modules.configure(Running.settings("hostile", ""));
    assertEquals(List.of(), running.modules.modules());
    running.drop("hostile", Running.code("hostile"));
    running.await("hostile", State.RUNNING);
    PlayedStreams.Played hostile = running.streams.of("hostile");
    hostile.receive("in", "A");
    assertEquals("two arguments, the first of 5 characters", 5002, number(hostile.nextWritten()));
    running.modules.forget("hostile");
    Await.until("update", () -> running.status("hostile").updates() == 1);
    hostile.receive("in", "A");
    assertEquals("none, which is INVAL", -4000, number(hostile.nextWritten()));
  }

  @Test
  public void twoConfigurationsOfOneInstanceAreRefused() {
    Map<String, Object> properties = Map.of("instance", "echo", "file", "a.wasm");
    ModuleConfiguration first = new ModuleConfiguration(running.modules, properties);
    ModuleConfiguration second = new ModuleConfiguration(running.modules, properties);
    assertEquals(1, LogLines.with("has a configuration already").size());
    second.stop();
    assertEquals(1, running.modules.modules().size());
    first.stop();
    assertEquals(0, running.modules.modules().size());
  }

  @Test
  public void nothingRunsWithoutModules() {
    assertFalse(Await.threadRuns("daqstream-module"));
  }

  @Test
  public void aHundredThatWaitHaveNoThreads() throws Exception {
    for (int i = 0; i < 100; i++) {
      running.drop("echo" + i, Running.code("echo"));
    }
    for (int i = 0; i < 100; i++) {
      running.await("echo" + i, State.RUNNING);
    }
    Await.noThread("daqstream-module");
    running.streams.of("echo99").receive("in", "x");
    assertEquals("A", running.streams.of("echo99").nextWritten());
  }

  @Test
  public void aTimerCallsOnce() throws Exception {
    PlayedStreams.Played hostile = running.streams.of("hostile");
    running.drop("hostile", Running.code("hostile"));
    running.await("hostile", State.RUNNING);
    hostile.receive("in", "T");
    assertEquals(77, number(hostile.nextWritten()));
    hostile.receive("in", "c");
    assertEquals("a second close is INVAL", 4, number(hostile.nextWritten()));
    assertNull(hostile.written.poll());
    assertFalse(hostile.isOpen("in"));
  }

  static long number(String message) {
    long number = 0;
    for (int i = 7; i >= 0; i--) {
      number = number << 8 | message.charAt(i);
    }
    return number;
  }
}
