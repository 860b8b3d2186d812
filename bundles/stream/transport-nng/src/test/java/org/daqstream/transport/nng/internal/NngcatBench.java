/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Needs;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** The transport against the C library, by its program nngcat. */
abstract class NngcatBench {
  static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);
  static final long DEADLINE_MS = 20_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  final NngTransport transport = new NngTransport();
  final RecordingSink sink = new RecordingSink();
  private final List<Process> processes = new ArrayList<>();

  @Before
  public void needsNngcat() {
    Needs.program("nngcat", "nng-utils");
  }

  @After
  public void close() {
    transport.deactivate();
    processes.forEach(Process::destroyForcibly);
    assertEquals("", sink.failure());
  }

  /** Runs nngcat; what it receives goes to a file. */
  Process nngcat(File output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("nngcat"));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    processes.add(process);
    return process;
  }
}
