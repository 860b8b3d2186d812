/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.base.support.ForeignText;
import org.daqstream.shell.api.ShellCommand;

/** A command with declared words and options, {@code --help} among them. */
public abstract class Command implements ShellCommand {
  private final String scope;
  private final String name;
  private final String summary;
  private final Syntax syntax;

  /**
   * Describes the command.
   *
   * @param fullName {@code scope:name}
   */
  protected Command(String fullName, String summary, Syntax syntax) {
    final int colon = fullName.indexOf(':');
    this.scope = fullName.substring(0, colon);
    this.name = fullName.substring(colon + 1);
    this.summary = summary;
    this.syntax = syntax;
  }

  /** Runs the command with checked words. */
  protected abstract void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws Exception;

  /**
   * What could be the next word.
   *
   * @param words those before it, without options
   */
  protected List<String> candidates(List<String> words) {
    return List.of();
  }

  @Override
  public final String scope() {
    return scope;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String summary() {
    return summary;
  }

  @Override
  public final void run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
    if (syntax.asksForHelp(arguments)) {
      out.print(syntax.help(scope + ":" + name, summary));
    } else {
      execute(syntax.parse(scope + ":" + name, arguments), out, err);
    }
  }

  @Override
  public final List<String> complete(List<String> words) {
    final String last = words.get(words.size() - 1);
    final List<String> before = new ArrayList<>();
    String option = "";
    for (final String word : words.subList(0, words.size() - 1)) {
      if (syntax.takesValue(option)) {
        option = "";
      } else if (syntax.isOption(word)) {
        option = word;
      } else {
        before.add(word);
      }
    }
    if (syntax.takesValue(option)) {
      return syntax.isFile(option) ? RuntimeFile.complete(last) : List.of();
    }
    if (last.startsWith("-")) {
      return syntax.optionNames();
    }
    return syntax.isFile(before.size()) ? RuntimeFile.complete(last) : candidates(before);
  }

  /** Prints what was done: one JSON document when that was asked for, else a line. */
  protected static void tell(PrintStream out, Arguments arguments, Object document, String line) {
    out.println(arguments.json() ? Json.of(document) : ForeignText.plain(line));
  }
}
