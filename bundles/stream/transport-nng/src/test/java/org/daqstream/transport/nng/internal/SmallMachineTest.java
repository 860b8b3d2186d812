/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.LimitedBudget;
import org.daqstream.testing.RecordingSink;
import org.daqstream.transport.support.ParameterReader;
import org.junit.Test;

/**
 * A machine without IPv6 and with little memory, as many a container is; played by a JVM of its
 * own.
 */
public class SmallMachineTest {

  @Test
  public void streamsTakePartOfTheMemoryAndListenWithoutIpv6() throws Exception {
    Process machine =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-Xmx400m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallMachineTest.class.getName())
            .inheritIO()
            .start();
    assertTrue("ends", machine.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, machine.exitValue());
  }

  /** That machine. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> parameters = Nng.listen("tcp://*:0");
    long partialBytes =
        NngParameters.read(StreamDirection.IN, new ParameterReader(parameters))
            .sockets()
            .partialBytes();
    assertTrue("unfinished messages: " + partialBytes, partialBytes <= 100 * 1024 * 1024);
    listenOnAllAddresses();
    fillOutputs(10);
  }

  /** More than the machine has, if all of it were kept; nobody must wait for memory. */
  private static void fillOutputs(int count) throws StreamException {
    NngTransport transport = new NngTransport();
    LimitedBudget budget = new LimitedBudget(Runtime.getRuntime().maxMemory() / 2);
    long slowestMs = 0;
    int refused = 0;
    for (int i = 0; i < count; i++) {
      TransportOutput output =
          transport.openOutput(
              "i", Nng.out(Nng.dial("tcp://127.0.0.1:1", "lazy", true)), new RecordingSink(budget));
      ByteBuffer message = ByteBuffer.allocate(64 * 1024);
      for (int k = 0; k < 1001; k++) {
        long startNanos = System.nanoTime();
        refused += output.offer(message) == StreamResult.NOMEM ? 1 : 0;
        slowestMs = Math.max(slowestMs, Await.sinceMs(startNanos));
      }
    }
    assertTrue("refused: " + refused, refused > 0);
    assertTrue("a write took " + slowestMs + " ms", slowestMs < 250);
    assertEquals("left for others", 64 << 20, ByteBuffer.allocateDirect(64 << 20).capacity());
    transport.deactivate();
    assertEquals("given back", 0, budget.takenBytes());
  }

  private static void listenOnAllAddresses() throws Exception {
    Map<String, Object> parameters = Nng.listen("tcp://*:0");
    NngTransport transport = new NngTransport();
    TransportInput input = transport.openInput("i", Nng.in(parameters), new RecordingSink());
    try (Socket socket = new Socket(Nng.loopback(), input.boundPort())) {
      assertEquals(Nng.PULL_GREETING, Nng.readHex(socket, 8));
    }
    transport.deactivate();
  }
}
