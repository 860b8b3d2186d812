/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.List;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;

/** What a module gets from the host, called within its events; results are those of streams. */
interface ModuleSide {
  /** Opens a stream: its handle, or the result's number below zero. */
  int open(String name, StreamDirection direction);

  /** Queues a message; the bytes are the callee's. */
  int write(int handle, byte[] message);

  /** Closes a stream, going on to send for so long. */
  int close(int handle, int flushMs);

  /** What the configuration gives it. */
  List<String> arguments();

  /** Nanoseconds since 1970. */
  long wallNanos();

  /** Says a line in the name of the instance; 0 is debug, 1 info, 2 a warning, 3 an error. */
  long log(int level, String line);

  /** Has the module called after so many milliseconds, once; 0: not any more. */
  long timer(int ms);

  /** One argument, or null. */
  default String argument(int index) {
    return index >= 0 && index < arguments().size() ? arguments().get(index) : null;
  }

  /** A result as a module sees it where a handle could be. */
  static int refusal(StreamResult result) {
    return -result.number();
  }
}
