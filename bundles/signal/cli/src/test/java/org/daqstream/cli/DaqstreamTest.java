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
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.Test;
import picocli.CommandLine;

/** Everything that needs no device. */
public class DaqstreamTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return run(out, args);
  }

  private int run(OutputStream target, String... args) {
    PrintStream errors = new PrintStream(err, true, UTF_8);
    return Daqstream.run(
        new StandardStreams(target, errors, false, false), new Interruption(), args);
  }

  private void assertMisused(String message, String... args) {
    err.reset();
    assertEquals(err.toString(UTF_8), Daqstream.USAGE, run(args));
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).startsWith("daqstream: " + message));
    assertEquals(1, err.toString(UTF_8).lines().count());
  }

  @Test
  public void everyCommandHasItsHelp() {
    for (String each : Daqstream.commandLine().getSubcommands().keySet()) {
      out.reset();
      assertEquals(Daqstream.OK, run(each, "--help"));
      String help = out.toString(UTF_8);
      assertTrue(help, help.startsWith("Usage: daqstream " + each));
      boolean readsDevice = !each.contains(":") && !List.of("repair", "export").contains(each);
      assertEquals(help, readsDevice, help.contains("[ADDRESS] [SIGNAL...]"));
      assertTrue(help, help.contains("--json"));
    }
  }

  /** What shells complete, what the script hands on and what its help tells are one list. */
  @Test
  public void everyCommandIsCompletedAndHandedOn() throws IOException {
    Set<String> completed = new CommandLine(new CompletedWords()).getSubcommands().keySet();
    Path launcher = Path.of("../../../launcher/src/main");
    String script = Files.readString(launcher.resolve("dist/bin/daqstream"));
    String help = Files.readString(launcher.resolve("java/org/daqstream/launcher/Options.java"));
    for (String each : Daqstream.commandLine().getSubcommands().keySet()) {
      assertTrue(completed + " have no " + each, completed.contains(each));
      String name = Pattern.quote(each);
      assertTrue(
          each, script.matches("(?s).*\n      (\\S+ \\| )*" + name + "( \\| \\S+)*\\) device.*"));
      assertTrue(each, help.matches("(?s).*\n +(daqstream )?" + name + " .*"));
    }
    assertTrue(completed.toString(), completed.containsAll(List.of("run", "start", "shell")));
  }

  @Test
  public void misuseIsToldInOneLine() {
    assertMisused("a command is missing");
    assertMisused("Unmatched argument", "lsit");
    assertMisused("Unknown option: '--jsn'", "list", "--jsn");
    assertMisused("Invalid value for option '--for'", "print", "--for", "soon");
    assertMisused("Invalid value for option '--time'", "print", "--time", "lunch");
    assertMisused("Missing required option: '--to=FILE'", "record");
    assertMisused("address 'http://a': scheme http is not one of", "list", "http://a");
  }

  @Test
  public void aSignalIsNotTakenForAFileOfArguments() throws IOException {
    Path file = Files.createTempFile("signal", "");
    Files.writeString(file, "--help");
    assertEquals(Daqstream.NO_DEVICE, run("list", "127.0.0.1:1", "@" + file));
    Files.delete(file);
  }

  @Test
  public void nobodyAtTheAddressIsAnExitCodeOfItsOwn() {
    for (String each : new String[] {"list", "info", "watch", "print", "verify", "tap"}) {
      err.reset();
      assertEquals(Daqstream.NO_DEVICE, run(each, "127.0.0.1:1"));
      assertTrue(
          err.toString(UTF_8),
          err.toString(UTF_8).startsWith("daqstream: no device at ws://127.0.0.1:1/: "));
    }
  }

  @Test
  public void aTokenComesFromAFileAndIsNotTold() throws Exception {
    Path file = Files.createTempFile("token", "");
    Files.writeString(file, "dqs_1_x\n");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FutureTask<String> head = new FutureTask<>(() -> refusedHead(server));
      new Thread(head).start();
      String address = "127.0.0.1:" + server.getLocalPort();
      assertEquals(Daqstream.NO_DEVICE, run("list", "--token-file", file.toString(), address));
      assertTrue(head.get(), head.get().contains("\r\nAuthorization: Bearer dqs_1_x\r\n"));
    }
    String said = err.toString(UTF_8);
    assertTrue(said, said.contains(": the server wants a login, or does not know this one"));
    assertFalse(said, said.contains("dqs_"));
    Files.delete(file);
    err.reset();
    assertEquals(Daqstream.FAILED, run("list", "--token-file", file.toString(), "127.0.0.1:1"));
    assertEquals("daqstream: token file '" + file + "': no such file", err.toString(UTF_8).strip());
  }

  private static String refusedHead(ServerSocket server) throws IOException {
    try (Socket socket = server.accept()) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) socket.getInputStream().read());
      }
      socket.getOutputStream().write("HTTP/1.1 401 Unauthorized\r\n\r\n".getBytes(UTF_8));
      return head.toString();
    }
  }

  @Test
  public void aTokenInTheEnvironmentIsTakenWithoutAFile() throws Exception {
    LoginArguments none = new LoginArguments();
    assertEquals("", none.source(Map.of()).token());
    assertEquals("dqs_1_x", none.source(Map.of("DAQSTREAM_TOKEN", " dqs_1_x ")).token());
    String why =
        assertThrows(
                IllegalArgumentException.class,
                () -> none.source(Map.of("DAQSTREAM_TOKEN", "two words")))
            .getMessage();
    assertTrue(why, why.startsWith("DAQSTREAM_TOKEN: a token has") && !why.contains("two"));
  }

  private static final class Broken extends OutputStream {
    private final String why;

    Broken(String why) {
      this.why = why;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(why);
    }
  }

  @Test
  public void aClosedPipeIsNoFailureButAFullDiskIs() {
    assertEquals(Daqstream.OK, run(new Broken("Broken pipe"), "list", "--help"));
    assertEquals("", err.toString(UTF_8));
    assertEquals(Daqstream.FAILED, run(new Broken("No space left on device"), "list", "--help"));
    assertEquals(
        "daqstream: cannot write to the standard output: No space left on device",
        err.toString(UTF_8).strip());
  }

  @Test
  public void nothingForeignSteersATerminal() {
    StandardStreams terminal =
        new StandardStreams(out, new PrintStream(err, true, UTF_8), true, true);
    assertEquals("{\"a\":\"\\u009b\\u202eµ\"}", terminal.json(Map.of("a", "\u009b\u202eµ")));
    assertEquals("\ufffdx", terminal.text("\u001bx"));
  }
}
