/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.testing.Certificates;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** Certificates that are not trusted any more, or expire, while their owners are connected. */
public class WithdrawnCertificateTest {
  @Rule public final Timeout timeout = Timeout.seconds(90);
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static final Certificates CERTIFICATES = Certificates.instance();

  private Path trust;

  @Before
  public void trustAll() throws IOException {
    trust = folder.getRoot().toPath().resolve("trust.crt");
    trust("ca.crt", "stranger.crt");
  }

  /** Has the server trust these from now on. */
  private void trust(String... names) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      all.append(Files.readString(Path.of(CERTIFICATES.file(name))));
    }
    Path fresh = folder.getRoot().toPath().resolve("new");
    Files.writeString(fresh, all);
    Files.move(fresh, trust, StandardCopyOption.REPLACE_EXISTING);
  }

  private TlsServer server(String clients, Object... more) throws Exception {
    Object[] all = new Object[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "tls.clientCertificates";
    all[1] = clients;
    all[2] = "tls.trust";
    all[3] = trust.toString();
    return new TlsServer(all);
  }

  private static Peer client(TlsServer tls, String own) throws Exception {
    return client(tls, TlsServer.context(own));
  }

  private static Peer client(TlsServer tls, SSLContext context) throws Exception {
    return new Peer(TlsServer.socket(context, tls.server.port(), 0)).greeted();
  }

  private static String farewell(Peer peer) throws IOException {
    Peer.Frame frame = peer.readFrame();
    while (frame.opcode() != 8) {
      frame = peer.readFrame();
    }
    int code = frame.closeCode();
    return code + " " + UTF_8.decode(frame.payload().position(Short.BYTES));
  }

  @Test
  public void whoseIssuerIsTrustedNoMoreGoesAndOthersStay() throws Exception {
    for (String mode : new String[] {"need", "want"}) {
      trustAll();
      try (TlsServer tls = server(mode)) {
        TableTap table = tls.server.table("time");
        SignalTap v = TestServer.signal(table, "v");
        try (Peer goes = client(tls, "client");
            Peer stays = client(tls, "stranger")) {
          Dialogue.assertSucceeded(
              stays.command(
                  new Peer(TlsServer.socket(TlsServer.context("stranger"), control(tls), 0)),
                  "subscribe",
                  "v"));
          Dialogue.expectSubscribed(stays, "time", "v");
          trust("stranger.crt");
          assertEquals("1008 the certificate is not trusted any more", farewell(goes));
          double[] one = {7};
          assertEquals(WriteResult.ACCEPTED, v.accept(0, 0, null, one, 0, 1));
          assertEquals(7, sample(stays), 0);
          if (mode.equals("need")) { // else it shows none now
            assertThrows(IOException.class, () -> client(tls, "client"));
          }
          client(tls, "stranger").close();
        }
      }
    }
  }

  private static int control(TlsServer tls) {
    return tls.server.controlPort();
  }

  private static double sample(Peer peer) throws Exception {
    Peer.Packet packet = peer.read();
    while (packet.signo() != 2 || packet.payload() == null) {
      packet = peer.read();
    }
    return packet.payload().getDouble();
  }

  @Test
  public void aConnectionThatIsNoClientJustEnds() throws Exception {
    try (TlsServer tls = server("need", "requestTimeoutMs", 600_000);
        SSLSocket socket = TlsServer.socket(TlsServer.context("client"), tls.server.port(), 0)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertTrue(socket.getInputStream().read() > 0);
      trust("stranger.crt");
      socket.setSoTimeout(20_000);
      while (socket.getInputStream().read() >= 0) {
        // what is left of the answer, until it ends
      }
    }
  }

  @Test
  public void whoseCertificateExpiresGoesAndDoesNotComeBack() throws Exception {
    Instant end = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);
    CERTIFICATES.make("brief", end);
    SSLContext context = TlsServer.context("brief"); // continues its session
    try (TlsServer tls = server("need");
        Peer stays = client(tls, "client")) {
      try (Peer goes = client(tls, context)) {
        long before = tls.server.statistics().count(ServerEvent.REFUSED);
        assertEquals("1008 the certificate has expired", farewell(goes));
        assertTrue("not before", !Instant.now().isBefore(end));
        assertTrue(tls.server.statistics().count(ServerEvent.REFUSED) > before);
      }
      try (Peer again = client(tls, context)) {
        assertEquals("1008 the certificate has expired", farewell(again));
      } catch (IOException e) {
        // as well: it ends before it is a client
      }
      Await.until("gone", () -> tls.server.guard().clientCount() == 1);
      stays.send(0x89, new byte[] {1}, true);
      while (stays.readFrame().opcode() != 0xA) {
        // what else there is
      }
    }
  }

  @Test
  public void whoIsInByALoginOfHisOwnGoesAsWell() throws Exception {
    try (TlsServer tls = server("want", "login", "needed")) {
      tls.server.authenticators.add(
          new KnownPeople().with("CN=client", "reader").with("right", "reader"), Map.of());
      Peer byToken = new Peer(TlsServer.socket(TlsServer.context(""), tls.server.port(), 0));
      try (Peer goes = client(tls, "client");
          Peer stays = byToken.greeted("Authorization: Bearer right")) {
        trust("stranger.crt");
        assertEquals("1008 the certificate is not trusted any more", farewell(goes));
        stays.send(0x89, new byte[] {1}, true);
        while (stays.readFrame().opcode() != 0xA) {
          // what else there is
        }
      }
    }
  }
}
