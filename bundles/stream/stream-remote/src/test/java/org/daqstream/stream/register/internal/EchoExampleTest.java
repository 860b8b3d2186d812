/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.remote.internal.RemoteBench;
import org.daqstream.testing.Await;
import org.junit.Test;

/** The example of the library as it stands. */
public class EchoExampleTest {
  private static final Path EXAMPLE = Path.of("../../../libraries/java/Echo.java");
  private static final String MANIFEST =
      """
      {"instanceSpecs": {"echo": {"streams": {
        "orders":  {"type": "fake", "direction": "in"},
        "answers": {"type": "fake", "direction": "out"}}}}}
      """;

  @Test
  public void itSendsBackWhatComes() throws Exception {
    Bench bench = new Bench();
    bench.register.deploy("echo", MANIFEST);
    try (RemoteBench remote = new RemoteBench(bench.register)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  EXAMPLE.toString(),
                  remote.socket.toString(),
                  "echo")
              .inheritIO()
              .start();
      try {
        Await.until(
            "both",
            () ->
                (!bench.transport.inputs.isEmpty() && !bench.transport.outputs.isEmpty())
                    || !process.isAlive());
        bench.transport.lastInput().receive("hello");
        StringBuilder answer = new StringBuilder();
        Await.until(
            "the answer", () -> answer.append(bench.transport.lastOutput().drain()).length() == 5);
        assertEquals("hello", answer.toString());
        assertTrue(remote.requestStop("echo"));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
      } finally {
        process.destroyForcibly();
      }
    }
    bench.register.close();
  }
}
