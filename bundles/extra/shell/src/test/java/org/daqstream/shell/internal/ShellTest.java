/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;
import org.junit.Test;

public class ShellTest {
  private static final class FakeHost implements CommandHost {
    private final List<String> names = new ArrayList<>();

    @Override
    public void add(ShellCommand command) {
      names.add(command.scope() + ":" + command.name());
    }

    @Override
    public void remove(ShellCommand command) {
      names.remove(command.scope() + ":" + command.name());
    }
  }

  private final StubServices services = new StubServices();
  private final List<ShellCommand> commands = Shell.commands(services);
  private final FakeHost gogo = new FakeHost();
  private final FakeHost console = new FakeHost();
  private final Shell shell = new Shell(commands, gogo);

  @Test
  public void withoutAConsoleTheCommandsAreGogos() {
    shell.start();
    assertEquals(commands.size(), gogo.names.size());
    shell.stop();
    assertEquals(List.of(), gogo.names);
  }

  @Test
  public void aConsoleHasTheCommandsAsLongAsItIsThere() {
    shell.bindHost(console);
    shell.start();
    assertEquals(List.of(), gogo.names);
    assertEquals(commands.size(), console.names.size());
    shell.unbindHost(console);
    assertEquals(commands.size(), gogo.names.size());
    assertEquals(List.of(), console.names);
    shell.bindHost(console);
    assertEquals(List.of(), gogo.names);
    assertEquals(commands.size(), console.names.size());
  }

  @Test
  public void aBetterConsoleTakesOver() {
    FakeHost better = new FakeHost();
    shell.start();
    shell.bindHost(console);
    shell.bindHost(better);
    shell.unbindHost(console);
    assertEquals(List.of(), console.names);
    assertEquals(commands.size(), better.names.size());
  }

  @Test
  public void everyCommandHasANameOfItsOwnAHelpAndASummary() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (ShellCommand command : commands) {
      String name = command.scope() + ":" + command.name();
      names.add(name);
      String help = services.run(command, "--help");
      assertEquals(help, true, help.startsWith("usage: " + name));
      assertEquals(help, true, help.contains(command.summary()));
      assertEquals(name, true, help.contains("--json"));
    }
    assertEquals(commands.size(), names.size());
  }

  @Test
  public void whatIsMissingIsTold() {
    services.registryThere = false;
    for (ShellCommand command : commands) {
      String name = command.scope() + ":" + command.name();
      String missing =
          switch (name) {
            case "signal:list", "signal:info", "signal:tap" -> "org.daqstream.signal.registry";
            case "signal:clients", "signal:kick", "signal:losses", "signal:stats" ->
                "org.daqstream.server";
            case "signal:discover" -> "org.daqstream.discovery";
            case "module:stop" -> "module:traffic";
            case "token:create", "token:list", "token:revoke" -> "org.daqstream.login.tokens";
            case "recorder:status", "recorder:begin", "recorder:end" -> "org.daqstream.recorder";
            case "source:seek", "source:pause", "source:resume" -> "org.daqstream.source.file";
            case "signal:writers",
                "stream:types",
                "daqstream:why",
                "recorder:list",
                "source:list",
                "module:list",
                "module:traffic",
                "signal:relays" ->
                "";
            default -> "org.daqstream.stream.register";
          };
      if (!missing.isEmpty()) {
        String message =
            assertThrows(CommandException.class, () -> services.run(command, words(name)))
                .getMessage();
        assertEquals(name + ": " + message, true, message.contains(missing));
      }
      boolean takesFile = name.equals("stream:deploy"); // those are there whatever is missing
      assertEquals(name, !takesFile, command.complete(List.of("")).isEmpty());
    }
  }

  private static String[] words(String command) {
    return switch (command) {
      case "source:seek" -> new String[] {"x", "1"};
      case "source:pause",
          "source:resume",
          "token:revoke",
          "recorder:status",
          "recorder:begin",
          "recorder:end" ->
          new String[] {"x"};
      case "signal:info", "signal:tap", "signal:kick", "stream:undeploy", "module:stop" ->
          new String[] {"x"};
      case "stream:send" -> new String[] {"x", "y", "z"};
      case "stream:tail" -> new String[] {"x", "y"};
      case "stream:deploy" -> new String[] {"--text", "{}"};
      default -> new String[0];
    };
  }
}
