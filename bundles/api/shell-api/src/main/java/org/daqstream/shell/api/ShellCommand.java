/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.api;

import java.io.PrintStream;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A command, {@code signal:list} say. Any thread may call, several at once. */
@ProviderType
public interface ShellCommand {
  /** The part of the name before the colon. */
  String scope();

  /** The part of the name behind the colon. */
  String name();

  /** One sentence for lists of commands. */
  String summary();

  /**
   * Runs the command on the calling thread, until it is done or the thread is interrupted.
   *
   * @param arguments words behind the name
   * @param out gets the answer; when it has an error the command ends
   * @param err gets what is not part of the answer
   * @throws Exception with one line for the user, when the command could not do as told
   */
  void run(List<String> arguments, PrintStream out, PrintStream err) throws Exception;

  /**
   * What could stand in place of the last word. Does not block.
   *
   * @param words words behind the name, at least one; the last one is begun and may be empty
   * @return candidates in no order; also such that do not begin like the word
   */
  List<String> complete(List<String> words);
}
