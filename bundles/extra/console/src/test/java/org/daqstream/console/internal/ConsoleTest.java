/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

public class ConsoleTest {
  private static final long DEADLINE_S = 20;

  /** One for all tests: a thread of Gogo that ends late takes System.out once more. */
  private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final Commands commands = new Commands();
  private final Bundle[] bundles = {
    bundle(1, "org.example.a", "1.0.0"),
    bundle(2, "org.example.b", "1.0.0"),
    bundle(3, "org.example.b", "2.0.0")
  };
  private final BundleContext framework =
      stub(
          BundleContext.class,
          (method, arguments) ->
              method.equals("getBundles")
                  ? bundles
                  : Arrays.stream(bundles)
                      .filter(bundle -> arguments[0].equals(bundle.getBundleId()))
                      .findFirst()
                      .orElse(null));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path socket;
  private Console console;

  /** What the user can call. */
  public static final class Commands {
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    public void say(String... words) {
      System.out.println(String.join("|", words));
    }

    public String give(String result) {
      return result;
    }

    public String nothing() {
      return "";
    }

    public String which(boolean first, Bundle[] bundles) {
      StringBuilder names = new StringBuilder();
      for (Bundle bundle : bundles) {
        names.append(bundle).append('\n');
      }
      return names.toString();
    }

    public Bundle one(Bundle bundle) {
      return bundle;
    }

    public void fail() throws IOException {
      throw new IOException("no such signal");
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

  private interface Answers {
    Object answer(String method, Object[] arguments);
  }

  private static <T> T stub(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.answer(method.getName(), arguments)));
  }

  private static Bundle bundle(long id, String name, String version) {
    return stub(
        Bundle.class,
        (method, arguments) ->
            switch (method) {
              case "getBundleId" -> id;
              case "getSymbolicName" -> name;
              case "getVersion" -> Version.parseVersion(version);
              case "toString" -> id + " " + name + " " + version;
              default -> throw new UnsupportedOperationException(method);
            });
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
  public void start() {
    CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
    for (String name : List.of("say", "give", "nothing", "which", "one", "fail", "hang")) {
      processor.addCommand("test", commands, name);
    }
    processor.addConverter(new BundleConverter(framework));
    socket = folder.getRoot().toPath().resolve("console/socket");
    console = new Console(processor, socket.toString());
  }

  @After
  public void stop() {
    console.deactivate();
  }

  private int run(String... words) {
    return runWith("", words);
  }

  private int runWith(String input, String... words) {
    List<String> args = new ArrayList<>(List.of(socket.toString()));
    args.addAll(List.of(words));
    return ConsoleClient.run(
        args.toArray(String[]::new),
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        false,
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8));
  }

  @Test
  public void aClientThatCannotBeTakenDoesNotCostTheNextOneItsConsole() {
    console.deactivate();
    CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
    processor.addCommand("test", commands, "say");
    int[] failures = {2};
    console =
        new Console(
            stub(
                CommandProcessor.class,
                (method, arguments) -> {
                  if (failures[0]-- > 0) {
                    throw new OutOfMemoryError("as if there were no more threads");
                  }
                  return processor.createSession(
                      (InputStream) arguments[0],
                      (OutputStream) arguments[1],
                      (OutputStream) arguments[2]);
                }),
            socket.toString());
    assertEquals(1, run("test:say a"));
    assertEquals(1, run("test:say b"));
    assertEquals(0, run("test:say c"));
    assertEquals(String.format("c%n"), out.toString(UTF_8));
  }

  @Test
  public void outputAndResultArePrintedAndTheExitCodeIsZero() {
    assertEquals(0, run("test:say µ; give done"));
    assertEquals(String.format("µ%ndone%n"), out.toString(UTF_8));
    assertEquals("", err.toString(UTF_8));
  }

  /** {@code which} takes the words that Gogo's own {@code stop} takes. */
  @Test
  public void aBundleIsMeantByItsNumberOrItsName() {
    assertEquals(0, run("which true 1 org.example.a"));
    assertEquals("1 org.example.a 1.0.0\n1 org.example.a 1.0.0\n", out.toString(UTF_8));
    out.reset();
    assertEquals(0, run("test:which", "true", "2", "3"));
    assertEquals("2 org.example.b 1.0.0\n3 org.example.b 2.0.0\n", out.toString(UTF_8));
    out.reset();
    assertEquals(0, run("one 3"));
    assertEquals(String.format("3 org.example.b 2.0.0%n"), out.toString(UTF_8));
  }

  @Test
  public void aBundleThatIsNotThereOrNotClearIsToldWithoutJava() {
    for (String word : List.of("9", "org.example.z", "org.example.b")) {
      err.reset();
      assertEquals(1, run("one", word));
      assertEquals(
          String.format(
              "daqstream: one does not take these words, or there is no such bundle;"
                  + " 'help one' tells more%n"),
          err.toString(UTF_8));
    }
  }

  @Test
  public void anEmptyResultIsNoLine() {
    assertEquals(0, run("nothing"));
    assertEquals("", out.toString(UTF_8));
  }

  @Test
  public void wordsAfterTheNameAreNotReadByGogo() {
    assertEquals(0, run("test:say", "a b", "'c\"", "$d;e|f", "--json"));
    assertEquals(String.format("a b|'c\"|$d;e|f|--json%n"), out.toString(UTF_8));
  }

  @Test
  public void commandThatFailsSaysWhyInOneLineAndLeavesOne() {
    assertEquals(1, run("fail"));
    assertEquals(String.format("daqstream: no such signal%n"), err.toString(UTF_8));
    assertEquals(1, run("nosuch", "--json"));
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).contains("nosuch"));
    assertEquals("", out.toString(UTF_8));
  }

  @Test
  public void nameThatIsNoneIsRefused() {
    assertEquals(1, run("say;hang", "x"));
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).contains("'say;hang' is no command"));
  }

  @Test
  public void commandThatIsTooLongIsRefusedAndTheSessionGoesOn() {
    assertEquals(0, runWith("say " + "x".repeat(1 << 20) + "\nsay 1\n"));
    assertEquals(
        String.format("daqstream: the command is longer than 1048576 bytes; use a file%n"),
        err.toString(UTF_8));
    assertEquals(String.format("1%n"), out.toString(UTF_8));
  }

  @Test
  public void linesOfTheInputShareASessionUntilExit() {
    assertEquals(0, runWith("a = 1\nfail\n\nsay $a\nexit\nfail\n"));
    assertEquals(String.format("1%n1%n"), out.toString(UTF_8));
    assertEquals(String.format("daqstream: no such signal%n"), err.toString(UTF_8));
  }

  @Test
  public void clientThatLeavesInterruptsItsCommand() throws Exception {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ConsoleFrame.command("hang").writeTo(client);
      assertTrue(commands.waiting.await(DEADLINE_S, TimeUnit.SECONDS));
    }
    assertTrue(commands.interrupted.await(DEADLINE_S, TimeUnit.SECONDS));
  }

  @Test
  public void endOfTheConsoleInterruptsCommandsAndTellsTheClient() throws Exception {
    Thread end =
        new Thread(
            () -> {
              try {
                commands.waiting.await();
                console.deactivate();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    end.start();
    assertEquals(1, run("hang"));
    assertTrue(commands.interrupted.await(DEADLINE_S, TimeUnit.SECONDS));
    end.join();
    assertEquals(3, run("say"));
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).contains(socket.toString()));
  }

  @Test
  public void garbageEndsThatClientOnly() throws Exception {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      client.write(
          ByteBuffer.allocate(5).put(ConsoleFrame.COMMAND).putInt(Integer.MAX_VALUE).flip());
      assertEquals(-1, client.read(ByteBuffer.allocate(1)));
    }
    assertEquals(0, run("say", "on"));
  }

  @Test
  public void noOtherUserCanEnter() throws IOException {
    assertEquals(
        PosixFilePermissions.fromString("rwx------"),
        Files.getPosixFilePermissions(socket.getParent()));
  }
}
