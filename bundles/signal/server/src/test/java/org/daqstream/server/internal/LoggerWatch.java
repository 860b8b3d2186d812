/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.daqstream.testing.LogLines;

/**
 * Looks at what the process logs and at its threads while peers misbehave. {@link #close} fails on
 * a line at ERROR, on a stack trace with code of ours, on a buffer that was released twice, and on
 * a thread that was there before and is gone.
 */
public final class LoggerWatch implements AutoCloseable {
  private static final Predicate<String> BAD =
      Pattern.compile("^ERROR |already released|^\\s+at org\\.daqstream|Exception in thread")
          .asPredicate();

  /** Threads of pools come and go. */
  private static final Predicate<String> FLEETING =
      Pattern.compile("daqstream-\\d|Attach|Common|process|Timer|junit|Time-limited|witness")
          .asPredicate();

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Set<String> threads = threadNames();

  public LoggerWatch() {
    LogLines.clear();
    System.setErr(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) {
                said.write(b);
                before.write(b);
              }

              @Override
              public void write(byte[] bytes, int offset, int count) {
                said.write(bytes, offset, count);
                before.write(bytes, offset, count);
              }
            },
            true,
            StandardCharsets.UTF_8));
  }

  private static Set<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(FLEETING.negate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Lines said so far: by loggers, and otherwise on the error output. */
  private List<String> lines() {
    List<String> lines = new ArrayList<>(LogLines.all());
    said.toString(StandardCharsets.UTF_8).lines().forEach(lines::add);
    return lines;
  }

  /** Fails if anything bad was said or a thread is gone so far. */
  public void check() {
    assertEquals(List.of(), lines().stream().filter(BAD).toList());
    Set<String> gone = new TreeSet<>(threads);
    gone.removeAll(threadNames());
    assertEquals("threads gone", Set.of(), gone);
  }

  @Override
  public void close() {
    System.setErr(before);
    check();
  }
}
