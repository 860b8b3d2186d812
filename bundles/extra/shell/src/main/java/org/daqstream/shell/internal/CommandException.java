/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.Collection;
import org.daqstream.sample.support.Near;

/** A command could not do as told; the message is one line for the user. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }

  /** An error that says that there is no such word, and which ones are like it. */
  public static CommandException unknown(String thereIsNo, String word, Collection<String> known) {
    return new CommandException(thereIsNo + " '" + word + "'" + Near.suggestion(word, known));
  }
}
