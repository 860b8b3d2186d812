/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.RecordingSink;
import org.junit.Test;

/** A machine without IPv6, as many a container is; played by a JVM of its own. */
public class WithoutIpv6Test {

  @Test
  public void listeningOnAllAddressesWorks() throws Exception {
    Process machine =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                WithoutIpv6Test.class.getName())
            .inheritIO()
            .start();
    assertTrue("ends", machine.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, machine.exitValue());
  }

  /** That machine. */
  public static void main(String[] arguments) throws Exception {
    NngTransport transport = new NngTransport();
    TransportInput input =
        transport.openInput("i", Nng.in(Nng.listen("tcp://*:0")), new RecordingSink());
    try (Socket socket = new Socket(Nng.loopback(), input.boundPort())) {
      assertEquals(Nng.PULL_GREETING, Nng.readHex(socket, 8));
    }
    transport.deactivate();
  }
}
