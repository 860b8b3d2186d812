/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.Init;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.TableTap;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.junit.Test;

/** A client that leaves is no fault of the server's: it is let go, and said in one line. */
public class LeavingClientTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

  /** More than the server sends at once: the greeting is written while it is put together. */
  private static final int SIGNALS = 3_000;

  private static Client clientThatIsGone(FanOut fanOut) {
    ByteArrayEndPoint socket =
        new ByteArrayEndPoint() {
          @Override
          public boolean flush(ByteBuffer... buffers) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    return new Client(
        new ClientIdentity("client-7", "5eed", ADDRESS, "scope/1"),
        new CoreSession.Empty(),
        socket,
        1 << 20,
        fanOut);
  }

  private static final Greeting GREETING =
      new Greeting(ApiVersion.V1_2_0, new Init("5eed", CommandInterfaces.inBandAndHttp(1, "/")));

  @Test
  public void duringALongGreeting() throws Exception {
    try (TestServer server = new TestServer()) {
      TableTap table = server.table("time");
      for (int i = 0; i < SIGNALS; i++) {
        TestServer.signal(table, "a/signal/with/a/long/name/so/that/the/greeting/is/long/" + i);
      }
      FanOut fanOut = server.fanOut();
      Client client = clientThatIsGone(fanOut);
      CompletableFuture<Client.State> greeted = new CompletableFuture<>();
      fanOut.submit(
          () -> {
            try {
              fanOut.clients().add(client, GREETING);
              greeted.complete(client.state());
            } catch (RuntimeException e) {
              greeted.completeExceptionally(e);
            }
            fanOut.clients().remove(client, new IOException("connection lost"));
          });
      assertEquals(Client.State.CLOSED, greeted.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  public void everyLineNamesClientPeerAndProfileAndNoSecret() throws Exception {
    List<String> lines = new ArrayList<>();
    try (TestServer server = new TestServer()) {
      Client client = clientThatIsGone(server.fanOut());
      new LimitedLog(lines::add, 1).say(() -> client + " left");
    }
    assertEquals(List.of("client-7 at 127.0.0.1:4711, profile LT left"), lines);
  }
}
