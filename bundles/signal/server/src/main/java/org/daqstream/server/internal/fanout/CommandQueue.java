/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.ArrayDeque;
import java.util.Queue;

/** Commands of one client that wait until its cursor comes to their place, in order. */
final class CommandQueue {
  /** Commands that wait because the client does not read; behind the first one there are limits. */
  private static final int COMMANDS_MAX = 100;

  /** Signals in commands that wait, of one client behind its first command and of all. */
  static final int SIGNALS_MAX = 200_000;

  private final Queue<Command> commands = new ArrayDeque<>(1); // most clients wait for nothing
  private int signals;

  /** Takes a command, or ends it if there is no room. */
  void add(Command command) {
    boolean hasRoom =
        commands.isEmpty()
            || (commands.size() < COMMANDS_MAX && signals + command.signalCount() <= SIGNALS_MAX);
    if (hasRoom) {
      signals += command.signalCount();
      commands.add(command);
    } else {
      command.finish();
    }
  }

  boolean isEmpty() {
    return commands.isEmpty();
  }

  /** The next one, which stays in the queue until it is done. */
  Command first() {
    return commands.element();
  }

  /** The first one is done. */
  void finishFirst() {
    Command command = commands.remove();
    signals -= command.signalCount();
    command.finish();
  }

  /** Signals in commands that wait. */
  int signals() {
    return signals;
  }

  /** Tells the senders of what waits that it is not carried out, or not all of it. */
  void abandon() {
    signals = 0;
    while (!commands.isEmpty()) {
      commands.remove().finish();
    }
  }
}
