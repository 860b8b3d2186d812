/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * A server whose process runs out of file descriptors or memory says so, and lives on if it can.
 */
public class ResourceLimitTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Before
  public void needsAShell() {
    assumeTrue(new File("/bin/sh").canExecute());
  }

  @Test
  public void usedUpDescriptorsDelayNewClientsOnly() throws Exception {
    List<Peer> flood = new ArrayList<>();
    try (ChildServer child =
        new ChildServer(
            "ulimit -n 120",
            "-Xmx64m",
            "pendingConnections",
            "10000",
            "requestTimeoutMs",
            "60000")) {
      int port = Integer.parseInt(child.answer());
      try (Peer witness = subscriber(port)) {
        double next = sample(witness);
        assertEquals(0, child.notAccepted());
        while (flood.size() < 200) {
          flood.add(new Peer(port)); // the system answers, whether or not the server accepts
        }
        while (child.notAccepted() < 3) {
          assertEquals("nothing is missing", ++next, sample(witness), 0);
        }
        closeAll(flood);
        try (Peer late = subscriber(port)) {
          assertTrue(sample(late) > 0);
        }
        for (int i = 0; i < 100; i++) {
          assertEquals("nothing is missing", ++next, sample(witness), 0);
        }
      }
    } finally {
      closeAll(flood);
    }
  }

  private static Peer subscriber(int port) throws Exception {
    Peer peer = Peer.connect(port);
    Dialogue.request(peer, 1, "subscribe", "v");
    for (String each : new String[] {"subscribe", "signal", "subscribe", "signal", "response"}) {
      peer.next(each);
    }
    return peer;
  }

  /** The next sample, whatever comes in front of it. */
  private static double sample(Peer peer) throws Exception {
    Peer.Packet packet = peer.read();
    while (packet.metadata() != null || packet.payload().remaining() != Double.BYTES) {
      packet = peer.read();
    }
    return packet.payload().getDouble();
  }

  private static void closeAll(List<Peer> peers) throws IOException {
    for (Peer peer : peers) {
      peer.close();
    }
    peers.clear();
  }

  @Test
  public void ringThatDoesNotFitIsAConfigurationError() throws Exception {
    try (ChildServer child =
        new ChildServer("true", "-XX:MaxDirectMemorySize=64m", "ringBytes", "1000000000")) {
      String answer = child.answer();
      assertTrue(answer, answer.startsWith("key ringBytes = '1000000000' is more memory"));
    }
  }
}
