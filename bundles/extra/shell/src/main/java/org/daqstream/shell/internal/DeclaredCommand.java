/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.List;
import org.daqstream.shell.api.ShellCommand;

/** A command with declared words and options, {@code --help} among them. */
public final class DeclaredCommand implements ShellCommand {
  /** What a command does when its words are as declared. */
  @FunctionalInterface
  public interface Action {
    void run(Call call) throws Exception;
  }

  private final String scope;
  private final String name;
  private final String summary;
  private final Syntax syntax;
  private final Action action;

  /**
   * Describes the command.
   *
   * @param fullName {@code scope:name}
   */
  public DeclaredCommand(String fullName, String summary, Syntax syntax, Action action) {
    int colon = fullName.indexOf(':');
    this.scope = fullName.substring(0, colon);
    this.name = fullName.substring(colon + 1);
    this.summary = summary;
    this.syntax = syntax;
    this.action = action;
  }

  @Override
  public String scope() {
    return scope;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public void run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
    String fullName = scope + ":" + name;
    if (syntax.asksForHelp(arguments)) {
      out.print(syntax.help(fullName, summary));
    } else {
      action.run(syntax.parse(fullName, arguments, out, err));
    }
  }

  @Override
  public List<String> complete(List<String> words) {
    return syntax.complete(words);
  }
}
