/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.RecordingSink;
import org.junit.Test;

/**
 * A machine without IPv6 and with little memory, as many a container is; played by a JVM of its
 * own.
 */
public class SmallMachineTest {

  @Test
  public void listeningOnAllAddressesWorksAndTakesPartOfTheMemory() throws Exception {
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
    long partialBytes = NngParameters.of(parameters).partialBytes();
    assertTrue("unfinished messages: " + partialBytes, partialBytes <= 100 * 1024 * 1024);
    NngTransport transport = new NngTransport();
    TransportInput input = transport.openInput("i", Nng.in(parameters), new RecordingSink());
    try (Socket socket = new Socket(Nng.loopback(), input.boundPort())) {
      assertEquals(Nng.PULL_GREETING, Nng.readHex(socket, 8));
    }
    transport.deactivate();
  }
}
