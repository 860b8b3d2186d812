/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.Test;

public class NngTransportTest {

  private final NngTransport transport = new NngTransport();
  private final RecordingSink sink = new RecordingSink();

  private static List<String> threads(String instance) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("stream-nng-") && name.contains("-" + instance + "/"))
        .toList();
  }

  @Test
  public void aTransportThatLeavesEndsItsStreamsAndThreads() throws Exception { // case 15
    List<TransportOutput> outputs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      TransportInput input =
          transport.openInput("leaving", Nng.in(Nng.listen("tcp://127.0.0.1:0")), sink);
      String url = Nng.url(input.boundPort());
      outputs.add(transport.openOutput("leaving", Nng.out(Nng.dial(url)), sink));
    }
    assertEquals(10, threads("leaving").size());
    transport.deactivate();
    for (TransportOutput output : outputs) {
      assertEquals(StreamResult.ERROR, output.offer(Nng.text("too late")));
    }
    Await.until("no thread is left", () -> threads("leaving").isEmpty());
    StreamException refusal =
        assertThrows(
            StreamException.class,
            () -> transport.openInput("left", Nng.in(Nng.listen("tcp://127.0.0.1:0")), sink));
    assertEquals(StreamResult.NOTSUP, refusal.result());
    Await.until("no thread is left", () -> threads("left").isEmpty());
  }

  @Test
  public void aRefusedOpenLeavesNoThread() throws Exception {
    String url = Nng.url(Nng.freePort());
    for (int i = 0; i < 20; i++) {
      assertThrows(
          StreamException.class,
          () -> transport.openOutput("refused", Nng.out(Nng.dial(url)), sink));
    }
    Await.until("no thread is left", () -> threads("refused").isEmpty());
    transport.deactivate();
  }
}
