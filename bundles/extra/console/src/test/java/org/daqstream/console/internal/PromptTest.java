/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PromptTest {
  private static final long DEADLINE_S = 20;
  private static final byte[] CTRL_C = {3};
  private static final byte[] CTRL_D = {4};

  /** One for all tests: a thread of Gogo that ends late takes System.out once more. */
  private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final Commands commands = new Commands();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ExecutorService typing = Executors.newSingleThreadExecutor();
  private Path history;
  private Console console;
  private LineDisciplineTerminal terminal;
  private Future<Integer> prompt;

  /** What the user can call. */
  public static final class Commands {
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    public void say(String... words) {
      System.out.println(String.join("|", words));
    }

    /** As the shell's: of two candidates those that begin like the last word. */
    public void complete(String... words) {
      String begun = words[words.length - 1];
      List.of("say", words.length + "words").stream()
          .filter(word -> word.startsWith(begun))
          .forEach(System.out::println);
    }

    public void hang() throws InterruptedException {
      waiting.countDown();
      try {
        new CountDownLatch(1).await();
      } finally {
        interrupted.countDown();
      }
    }
  }

  @BeforeClass
  public static void takeSystemOut() {
    THREAD_IO.start();
  }

  @AfterClass
  public static void giveSystemOutBack() {
    THREAD_IO.stop();
  }

  @Before
  public void start() throws IOException {
    CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
    processor.addCommand("test", commands, "say");
    processor.addCommand("test", commands, "hang");
    processor.addCommand("daqstream", commands, "complete");
    Path socket = folder.getRoot().toPath().resolve("console/socket");
    console = new Console(processor, socket.toString());
    history = folder.getRoot().toPath().resolve("history");
    terminal = new LineDisciplineTerminal("test", "ansi", OutputStream.nullOutputStream(), UTF_8);
    Prompt program =
        new Prompt(
            socket.toString(),
            history,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    prompt = typing.submit(() -> program.run(terminal));
  }

  @After
  public void stop() throws IOException {
    terminal.close();
    typing.shutdownNow();
    console.deactivate();
  }

  private void type(String keys) throws IOException {
    type(keys.getBytes(UTF_8));
  }

  private void type(byte[] keys) throws IOException {
    terminal.processInputBytes(keys);
  }

  private int exitCode() throws Exception {
    return prompt.get(DEADLINE_S, TimeUnit.SECONDS);
  }

  @Test
  public void linesAreRunAndRemembered() throws Exception {
    type("x = one\rsay $x!\rexit\r");
    assertEquals(0, exitCode());
    assertEquals(String.format("one%none!%n"), out.toString(UTF_8));
    assertTrue(Files.readString(history).contains("say $x!"));
  }

  @Test
  public void wordsAreCompletedByTheRuntimeAlsoBehindAPipe() throws Exception {
    type("s\ta 3\t; say b c | s\t 2\r");
    type(CTRL_D);
    assertEquals(0, exitCode());
    assertEquals("", err.toString(UTF_8));
    assertEquals(String.format("a|3words%n2%n"), out.toString(UTF_8));
  }

  @Test
  public void ctrlCEndsTheCommandAndNotTheShell() throws Exception {
    type("hang\r");
    assertTrue(commands.waiting.await(DEADLINE_S, TimeUnit.SECONDS));
    type(CTRL_C);
    assertTrue(commands.interrupted.await(DEADLINE_S, TimeUnit.SECONDS));
    type("say on\r");
    type("exit\r");
    assertEquals(0, exitCode());
    assertEquals(String.format("%non%n"), out.toString(UTF_8));
  }

  @Test
  public void aRuntimeThatEndsEndsTheShell() throws Exception {
    type("hang\r");
    assertTrue(commands.waiting.await(DEADLINE_S, TimeUnit.SECONDS));
    console.deactivate();
    ExecutionException e = assertThrows(ExecutionException.class, this::exitCode);
    assertEquals("the runtime ended before the command did", e.getCause().getMessage());
  }
}
