/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.remote.client.RemoteStreams;
import org.daqstream.stream.remote.internal.RemoteBench;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** What is left when one side or the other ends all of a sudden. */
public class SuddenEndTest {
  private final Bench bench = new Bench();
  private final FakeTransport transport = bench.transport;
  private final RemoteBench remote = new RemoteBench(bench.register);

  @After
  public void close() {
    remote.close();
    bench.register.close();
    assertEquals("every stream was closed", transport.opened.get(), transport.closed.get());
  }

  @Test
  public void aKilledProcessLeavesABeginningOfWhatItWrote() throws Exception {
    Random random = new Random(3);
    for (int life = 1; life <= 3; life++) {
      int opened = life;
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  WritingModule.class.getName(),
                  remote.socket.toString())
              .inheritIO()
              .start();
      try {
        Await.until("open", () -> transport.opened.get() == opened || !process.isAlive());
        FakeTransport.Output output = transport.lastOutput();
        StringBuilder got = new StringBuilder();
        int wanted = 100_000 + random.nextInt(400_000);
        Await.until("numbers", () -> got.append(output.drain()).length() > wanted);
        assertEquals(process.pid(), remote.modules().get(0).processId());
        process.destroyForcibly().waitFor(); // kill -9
        while (transport.closed.get() < opened) {
          got.append(output.drain()); // what is queued is sent until the deadline
        }
        assertInOrder(got.toString());
      } finally {
        process.destroyForcibly().waitFor();
      }
      Await.until("the instance is free", () -> remote.modules().isEmpty());
    }
  }

  /** Nothing is missing, comes twice or in parts. */
  private static void assertInOrder(String numbers) {
    String whole = numbers.substring(0, numbers.lastIndexOf(',') + 1);
    assertEquals("no message in part", whole, numbers);
    int at = 0;
    for (int next = 0; at < whole.length(); next++) {
      String expected = next + ",";
      assertTrue("number " + next, whole.startsWith(expected, at));
      at += expected.length();
    }
  }

  @Test
  public void whatEndsOfTheRuntimeTakeAwayIsCounted() throws Exception {
    StreamClient client = remote.keep(RemoteStreams.at(remote.socket).connect("camera"));
    int out = client.openOutput("out");
    List<Integer> got = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    int written = 0;
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 20_000; i++) {
        while (client.write(out, (written + ",").getBytes(StandardCharsets.US_ASCII))
            != StreamResult.OK) {
          take(rest, got);
        }
        written++;
      }
      remote.stop();
      take(rest, got);
      remote.start();
      Await.until("open again", () -> client.info(out).orElseThrow().ended().isEmpty());
    }
    Await.until(
        "all that is under way",
        () -> {
          take(rest, got);
          return client.info(out).orElseThrow().statistics().queuedMessages() == 0;
        });
    CloseResult result = client.close(out, 10_000);
    take(rest, got);
    int missing = written - got.size();
    long givenUp =
        transport.outputs.stream()
            .mapToLong(each -> each.queue.statistics(0, 0, "").lostMessages())
            .sum();
    assertEquals("in order, nothing twice", got.stream().sorted().distinct().toList(), got);
    assertTrue(
        missing + " are missing, " + result.lostMessages() + " and " + givenUp + " are counted",
        result.lostMessages() + givenUp >= missing && result.lostMessages() < written);
  }

  /** Takes what the outputs have queued, in the order of their openings. */
  private void take(StringBuilder rest, List<Integer> got) {
    for (FakeTransport.Output output : transport.outputs) {
      rest.append(output.drain());
    }
    int end = rest.lastIndexOf(",") + 1;
    for (String number : rest.substring(0, end).split(",", -1)) {
      if (!number.isEmpty()) {
        got.add(Integer.parseInt(number));
      }
    }
    rest.delete(0, end);
  }
}
