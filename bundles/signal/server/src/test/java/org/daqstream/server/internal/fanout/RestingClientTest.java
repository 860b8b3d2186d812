/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A client that has everything and waits is not looked at until there is something for it. */
public class RestingClientTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule public final TestServer server = new TestServer("ringBytes", 1 << 20);

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private long row;

  private void write(SignalTap signal, double... samples) {
    signal.accept(row, row * DELTA, null, samples, 0, samples.length);
    row += samples.length;
  }

  private Client client(Peer peer) {
    CompletableFuture<Client> found = new CompletableFuture<>();
    server.fanOut().submit(() -> found.complete(server.fanOut().clients().find(peer.sessionId)));
    return found.join();
  }

  /** Has turns made until a client rests. */
  private void awaitRest(Peer peer) {
    Client client = client(peer);
    Await.until(
        "rests",
        () -> {
          CompletableFuture<Boolean> rests = new CompletableFuture<>();
          server.fanOut().submit(() -> rests.complete(client.isResting()));
          return rests.join();
        });
  }

  private Peer resting(String... signalIds) throws Exception {
    Peer peer = server.connect();
    Dialogue.subscribe(server, peer, signalIds);
    for (int i = 0; i < signalIds.length + 1; i++) {
      Dialogue.expectAcknowledged(peer, i == 0 ? "time" : signalIds[i - 1]);
    }
    awaitRest(peer);
    return peer;
  }

  @Test
  public void dataEndTheRestWhateverWentThroughTheLogMeanwhile() throws Exception {
    SignalTap w = TestServer.signal(server.table("other"), "w");
    Peer peer = resting("v");
    Peer busy = Dialogue.subscriber(server, "other", "w");
    Thread reading = new Thread(busy::readFramesToEnd);
    reading.start();
    for (long wRow = 0; wRow < 1_000_000; wRow += 1_000) { // 8 MB
      w.accept(wRow, wRow * DELTA, null, new double[1_000], 0, 1_000);
      // The other client keeps up, as the log is small.
      Await.until("has it", () -> server.clients().get(1).delivery().lagBytes() < 100_000);
    }
    write(v, 1, 2);
    Dialogue.expectLine(peer, 1, 0, 0);
    Dialogue.expectDoubles(peer, 2, 1, 2);
    assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
    busy.close();
    reading.join();
  }

  @Test
  public void eventsAndCommandsEndTheRest() throws Exception {
    Peer peer = resting("v");
    SignalTap w = TestServer.signal(table, "w");
    Dialogue.expectSignalIds(peer, "available", "w");
    awaitRest(peer);
    write(v, 1);
    Dialogue.subscribe(server, peer, "w");
    Dialogue.expectLine(peer, 1, 0, 0);
    Dialogue.expectDoubles(peer, 2, 1);
    int signo = Dialogue.expectAcknowledged(peer, "w").signo();
    awaitRest(peer);
    row = 0;
    write(w, 7);
    Dialogue.expectDoubles(peer, signo, 7);
  }

  @Test
  public void linesEndTheRestOfWhoSubscribedToTheDomainAlone() throws Exception {
    Peer peer = server.connect();
    Dialogue.subscribe(server, peer, "time");
    Dialogue.expectAcknowledged(peer, "time");
    awaitRest(peer);
    row = 5;
    write(v, 1);
    Dialogue.expectLine(peer, 1, 5, 5 * DELTA);
  }

  @Test
  public void clientThatIsGoneDoesNotKeepOthersAsleep() throws Exception {
    Peer gone = resting("v");
    Peer peer = resting("v");
    awaitRest(gone);
    Client client = client(gone);
    Clients clients = server.fanOut().clients();
    server.fanOut().submit(() -> clients.remove(client, new IOException("gone")));
    server.fanOut().submit(() -> clients.close(client, Farewell.INTERNAL_ERROR)); // comes late
    awaitRest(peer);
    write(v, 1);
    Dialogue.expectLine(peer, 1, 0, 0);
    Dialogue.expectDoubles(peer, 2, 1);
  }
}
