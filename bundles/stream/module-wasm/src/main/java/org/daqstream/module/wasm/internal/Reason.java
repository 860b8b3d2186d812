/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.wasm.ChicoryException;
import org.daqstream.base.support.LimitedLog;

/** What went wrong in the engine, in words. */
final class Reason {
  private static final String STACK = "call stack exhausted";

  private Reason() {}

  /** One short line. */
  static String of(Throwable thrown) {
    if (thrown instanceof StackOverflowError) {
      return STACK;
    }
    if (thrown instanceof OutOfMemoryError) {
      return "the runtime has no memory left";
    }
    boolean isPlain = thrown instanceof ChicoryException && thrown.getMessage() != null;
    return LimitedLog.oneLine(isPlain ? thrown.getMessage() : thrown.toString());
  }
}
