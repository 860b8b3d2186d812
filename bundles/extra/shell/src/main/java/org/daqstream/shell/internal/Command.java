/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.List;
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
  protected abstract void execute(Call call) throws Exception;

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
    final String fullName = scope + ":" + name;
    if (syntax.asksForHelp(arguments)) {
      out.print(syntax.help(fullName, summary));
    } else {
      execute(syntax.parse(fullName, arguments, out, err));
    }
  }

  @Override
  public final List<String> complete(List<String> words) {
    return syntax.complete(words);
  }
}
