/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.karaf.internal;

import java.util.Arrays;
import java.util.List;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.daqstream.shell.api.ShellCommand;

/** A command in Karaf's console: its name, and its words by its own completion. */
final class KarafCommand implements Command {
  private final ShellCommand command;
  private final String fullName;

  KarafCommand(ShellCommand command) {
    this.command = command;
    this.fullName = command.scope() + ":" + command.name();
  }

  @Override
  public String getScope() {
    return command.scope();
  }

  @Override
  public String getName() {
    return command.name();
  }

  @Override
  public String getDescription() {
    return command.summary();
  }

  @Override
  public Completer getCompleter(boolean scoped) {
    List<String> names = scoped ? List.of(command.name()) : List.of(fullName, command.name());
    return (session, line, candidates) -> complete(names, session, line, candidates);
  }

  /** Karaf asks every command about every line. */
  private int complete(
      List<String> names, Session session, CommandLine line, List<String> candidates) {
    int index = line.getCursorArgumentIndex();
    String[] words = line.getArguments();
    if (index == 0) {
      return new StringsCompleter(names, true).complete(session, line, candidates);
    }
    if (!session.resolveCommand(words[0]).equals(fullName)) {
      return -1;
    }
    List<String> begun = Arrays.asList(words).subList(1, index + 1);
    int at =
        new StringsCompleter(command.complete(begun), true).complete(session, line, candidates);
    // A blank says that the word is complete, which the path of a folder is not.
    candidates.replaceAll(
        word -> word.endsWith("/ ") ? word.substring(0, word.length() - 1) : word);
    return at;
  }

  /** The console's own way to words. */
  @Override
  public Parser getParser() {
    return null;
  }

  @Override
  public Object execute(Session session, List<Object> arguments) throws Exception {
    List<String> words = arguments.stream().map(String::valueOf).toList();
    command.run(words, System.out, System.err); // those of the session, on its thread
    return null;
  }
}
