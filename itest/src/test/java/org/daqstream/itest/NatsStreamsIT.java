/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.Modules.OK;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.daqstream.testing.NatsServer;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** Streams over NATS with a peer that we did not write, across a restart of the server. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class NatsStreamsIT extends StreamsBench {
  private static final long SOON_MS = 60_000;

  private String core(String url, String subject) {
    return "{\"url\":\"%s\",\"subject\":\"core.%s\"}".formatted(url, subject);
  }

  private String kept(String url, String subject, String more) {
    return "{\"url\":\"%s\",\"subject\":\"kept.%s\",\"jetstream\":\"kept\"%s}"
        .formatted(url, subject, more);
  }

  private void openBoth() throws Exception {
    modules.tell("listener", "in", OK);
    modules.tell("talker", "out", OK);
    modules.tell("listener", "event", "up");
    modules.tell("talker", "event", "up");
  }

  @Test
  public void pythonHearsAndAnswersAcrossARestart() throws Exception {
    SdkPython.installNats();
    try (NatsServer server = NatsServer.jetStream();
        RunningProcess peer = SdkPython.start("nats_peer.py", server.url())) {
      peer.awaitLine(0, line -> line.equals("ready"), SOON_MS);
      deploy("test", definition("nats", core(server.url(), "there"), core(server.url(), "back")));
      openBoth();
      modules.tell("talker", "write hello", OK);
      modules.tell("listener", "event", "data echo hello");
      peer.awaitLine(0, line -> line.equals("core hello"), SOON_MS);
      modules.tell("talker", "close 1000", OK);
      modules.tell("listener", "close 0", OK);

      String out = kept(server.url(), "there", "");
      deploy("test", definition("nats", out, kept(server.url(), "back", ",\"durable\":\"we\"")));
      openBoth();
      server.kill();
      modules.awaitEvent("talker", "down");
      modules.tell("talker", "write while it is away", OK);
      server.start();
      modules.awaitEvent("listener", "data kept while it is away");
      modules.awaitEvent("talker", "up");
      modules.tell("talker", "close 5000", OK);
      modules.tell("listener", "close 0", OK);
      assertEquals(1, peer.lines(line -> line.startsWith("kept while it is away ")).size());
      assertTrue(peer.isAlive());
    }
  }
}
