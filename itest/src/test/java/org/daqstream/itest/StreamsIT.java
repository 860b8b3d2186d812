/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.ERROR;
import static org.daqstream.itest.Modules.NOTSUP;
import static org.daqstream.itest.Modules.OK;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.testing.NatsServer;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;

/**
 * Two modules, each a bundle of its own, talk over a stream: {@code talker} dials {@code listener}.
 * Meanwhile the transport leaves and returns, the manifest changes and peers misbehave.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StreamsIT extends StreamsBench {
  private static final String SINK = "{\"mode\":\"sink\"}";

  @Test
  public void modulesTalkOverPosix() throws Exception {
    talkAndClose(posix());
  }

  @Test
  public void modulesTalkOverNng() throws Exception {
    talkAndClose(nng());
  }

  private void talkAndClose(String manifest) throws Exception {
    deploy("test", manifest);
    modules.connect("talker", "listener");
    talk("hello");
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "event", "down");
    modules.tell("listener", "close 0", OK);
  }

  @Test
  public void anythingIsAcceptedAndNothingOpenedByTheNullType() throws Exception {
    deploy("test", definition("null", "{}"));
    modules.tell("talker", "out", NOTSUP);
    modules.tell("listener", "in", NOTSUP);
    deploy("test", definition("null", SINK));
    modules.tell("talker", "out", OK);
    modules.tell("talker", "write gone", OK);
    modules.tell("talker", "close 0", OK);
  }

  @Test
  public void posixStreamsEndWithTheirTransportAndCanBeReopenedOnItsReturn() throws Exception {
    deploy("test", posix());
    swapsWhileTalking("posix");
  }

  @Test
  public void nngStreamsEndWithTheirTransportAndCanBeReopenedOnItsReturn() throws Exception {
    deploy("test", nng());
    swapsWhileTalking("nng");
  }

  @Test
  public void natsStreamsEndWithTheirTransportAndCanBeReopenedOnItsReturn() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      String there = "{\"url\":\"%s\",\"subject\":\"talk\"}".formatted(server.url());
      deploy("test", definition("nats", there));
      swapsWhileTalking("nats");
    }
  }

  /** Stream case 15, and 14 with it. */
  private void swapsWhileTalking(String type) throws Exception {
    Bundle transport = modules.bundle("org.daqstream.transport." + type);
    for (int cycle = 0; cycle < 3; cycle++) {
      modules.connect("talker", "listener");
      talk("before " + cycle);
      transport.stop();
      assertFalse(register.types().contains(type));
      modules.tell("talker", "write late", ERROR);
      modules.awaitEvent("talker", "ended its transport left");
      modules.awaitEvent("listener", "ended its transport left");
      modules.tell("talker", "close 1000", OK);
      modules.tell("listener", "close 0", OK);
      await("end of its threads", () -> threadsOfTransports().isEmpty());
      modules.tell("talker", "out", NOTSUP);
      modules.tell("listener", "in", NOTSUP);
      transport.start();
    }
    modules.connect("talker", "listener");
    talk("after");
  }

  @Test
  public void aTransportThatIsUpdatedAndRefreshedServesOn() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    Bundle transport = modules.bundle("org.daqstream.transport.posix");
    transport.update();
    modules.awaitEvent("talker", "ended its transport left");
    modules.awaitEvent("listener", "ended its transport left");
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
    modules.connect("talker", "listener");
    talk("updated");
  }

  /** What transports have in common is embedded in each, so that it is mended in one alone. */
  @Test
  public void aTransportIsUpdatedAndStreamsOfOthersDoNotBlink() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    modules.install("caller");
    modules.install("callee");
    int other = Modules.freePort();
    deploy(
        "others",
        Modules.manifest(
            Modules.instance("caller", "data", "nng", "out", Modules.nng("dial", "push", other)),
            Modules.instance("callee", "data", "nng", "in", Modules.nng("listen", "pull", other))));
    modules.connect("caller", "callee");
    modules.bundle("org.daqstream.transport.nng").update();
    for (String instance : List.of("caller", "callee")) {
      modules.awaitEvent(instance, "ended its transport left");
      modules.tell(instance, "close 1000", OK);
    }
    modules.connect("caller", "callee");
    talk("undisturbed");
    for (String instance : List.of("talker", "listener")) {
      assertEquals(1, statistics(instance).connects());
      assertEquals(0, statistics(instance).disconnects());
    }
  }

  @Test
  public void aManifestMovesOneStreamToAnotherTypeAndTouchesNoOther() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    modules.install("witness");
    deploy("witness", Modules.manifest(Modules.instance("witness", "data", "null", "out", SINK)));
    modules.tell("witness", "out", OK);
    moveTo(nng());
    talk("by nng");
    moveTo(posix());
    talk("back on posix");
    modules.tell("witness", "write on", OK);
  }

  private void moveTo(String manifest) throws Exception {
    deploy("test", manifest);
    modules.awaitEvent("talker", "ended the manifest changed its definition");
    modules.awaitEvent("listener", "ended the manifest changed its definition");
    modules.tell("talker", "write late", ERROR);
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
    modules.connect("talker", "listener");
  }

  @Test
  public void aRefusedManifestChangesNothing() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    String bad = posix().replace("\"" + port + "\"", "\"65536\"");
    ManifestException refusal = assertThrows(ManifestException.class, () -> deploy("test", bad));
    for (String part : List.of("talker", "data", "parameters.port", "65536")) {
      assertTrue(refusal.getMessage(), refusal.getMessage().contains(part));
    }
    talk("still there");
  }
}
