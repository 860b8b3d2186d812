/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.karaf.internal;

import static org.junit.Assert.assertEquals;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.daqstream.shell.api.ShellCommand;
import org.junit.Test;

public class KarafCommandTest {
  private final List<String> ran = new ArrayList<>();

  private final ShellCommand command =
      new ShellCommand() {
        @Override
        public String scope() {
          return "signal";
        }

        @Override
        public String name() {
          return "info";
        }

        @Override
        public String summary() {
          return "Tells.";
        }

        @Override
        public void run(List<String> arguments, PrintStream out, PrintStream err) {
          ran.addAll(arguments);
        }

        @Override
        public List<String> complete(List<String> words) {
          return List.of("host/time", "host/cpu/load", "/srv/", "behind " + words.size());
        }
      };

  /** Knows no command but this one. */
  private final Session session =
      stub(
          Session.class,
          (name, arguments) ->
              name.equals("resolveCommand") && List.of("signal:info", "info").contains(arguments[0])
                  ? "signal:info"
                  : "shell:other");

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

  /** With the cursor at the end. */
  private static CommandLine line(String... words) {
    String last = words[words.length - 1];
    return stub(
        CommandLine.class,
        (name, arguments) ->
            switch (name) {
              case "getCursorArgumentIndex" -> words.length - 1;
              case "getCursorArgument" -> last;
              case "getArgumentPosition" -> last.length();
              case "getArguments" -> words;
              case "getBufferPosition" -> String.join(" ", words).length();
              default -> String.join(" ", words);
            });
  }

  private List<String> completed(boolean scoped, String... words) {
    List<String> candidates = new ArrayList<>();
    new KarafCommand(command).getCompleter(scoped).complete(session, line(words), candidates);
    return candidates;
  }

  @Test
  public void namesAreCompleted() {
    assertEquals(List.of("signal:info "), completed(false, "sig"));
    assertEquals(List.of("info ", "signal:info "), completed(false, ""));
    assertEquals(List.of("info "), completed(true, ""));
    assertEquals(List.of(), completed(true, "x"));
  }

  @Test
  public void wordsAreCompletedByTheCommand() {
    assertEquals(List.of("host/cpu/load "), completed(false, "signal:info", "host/c"));
    assertEquals(
        List.of("/srv/", "behind 2 ", "host/cpu/load ", "host/time "),
        completed(true, "info", "host/time", ""));
    assertEquals(List.of(), completed(false, "bundle:info", "host/c"));
  }

  @Test
  public void itRunsWithTheWordsAsText() throws Exception {
    new KarafCommand(command).execute(session, List.of("a", 7L));
    assertEquals(List.of("a", "7"), ran);
  }

  @Test
  public void commandsComeAndGo() {
    List<Object> registered = new ArrayList<>();
    Registry registry =
        stub(
            Registry.class,
            (name, arguments) ->
                switch (name) {
                  case "register" -> {
                    registered.add(arguments[0]);
                    yield null;
                  }
                  case "unregister" -> {
                    registered.remove(arguments[0]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(name);
                });
    KarafHost host = new KarafHost(stub(SessionFactory.class, (name, arguments) -> registry));
    host.add(command);
    assertEquals(1, registered.size());
    host.remove(command);
    assertEquals(List.of(), registered);
  }
}
