/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.daqstream.sample.support.Json;

/** An answer that is printed as it comes: lines, or the elements of one JSON array. */
public final class Answer implements AutoCloseable {
  private final PrintStream out;
  private final boolean json;
  private String separator = "\n";

  public Answer(Call call) {
    this.out = call.out();
    this.json = call.json();
    if (json) {
      out.print("[");
    }
  }

  /** Prints what comes next, as was asked for. */
  public void add(Object element, Supplier<String> line) {
    if (json) {
      out.print(separator + Json.of(element));
      separator = ",\n";
    } else {
      out.println(line.get());
    }
  }

  @Override
  public void close() {
    if (json) {
      out.println(separator.equals("\n") ? "]" : "\n]");
    }
  }
}
