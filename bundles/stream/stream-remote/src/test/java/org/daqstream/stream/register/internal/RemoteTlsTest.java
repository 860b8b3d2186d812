/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.remote.client.RemoteStreams;
import org.daqstream.stream.remote.internal.RemoteBench;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.junit.After;
import org.junit.Test;

/** Modules by TCP with TLS, which nobody gets in at without a token or a certificate. */
public class RemoteTlsTest {
  private static final String TOKEN = "dqs_secret";

  private final Certificates certificates = Certificates.instance();
  private final AtomicBoolean isKnown = new AtomicBoolean(true);
  private final Bench bench = new Bench();
  private final int port = freePort();
  private final RemoteBench remote =
      new RemoteBench(
          bench.register,
          "host",
          "127.0.0.1",
          "port",
          String.valueOf(port),
          "tls.certificate",
          certificates.file("server.crt"),
          "tls.key",
          certificates.file("server.key"),
          "tls.ca",
          certificates.file("ca.crt"));

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @After
  public void close() {
    remote.close();
    bench.register.close();
  }

  private RemoteStreams runtime(SSLContext tls) {
    remote.trust(
        new Authenticator() {
          @Override
          public Optional<Identity> authenticate(Credentials credentials) {
            boolean isRight =
                credentials.token().equals(TOKEN)
                    || credentials.certificateSubjects().equals(List.of("CN=client"));
            return isRight
                ? current(new Identity("lab", "lab", Set.of("module")))
                : Optional.empty();
          }

          @Override
          public Optional<Identity> current(Identity identity) {
            return isKnown.get() ? Optional.of(identity) : Optional.empty();
          }
        });
    return RemoteStreams.at("127.0.0.1", port, tls).patience(10_000);
  }

  @Test
  public void aModuleWithATokenTalksEitherWay() throws Exception {
    StreamClient client =
        remote.keep(runtime(certificates.context("")).token(TOKEN).connect("camera"));
    assertEquals("lab", remote.modules().get(0).user());
    int out = client.openOutput("out");
    AtomicInteger sum = new AtomicInteger();
    client.openInput("in", (peer, data) -> sum.addAndGet(data.remaining()));
    int sent = 0;
    for (int i = 0; i < 200; i++) {
      byte[] message = new byte[i * 100];
      bench.transport.lastInput().receive(1, message);
      sent += message.length;
      assertEquals(StreamResult.OK, client.processEvent(10_000));
    }
    assertEquals(sent, sum.get());
    StringBuilder drained = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      while (client.write(out, new byte[100]) != StreamResult.OK) {
        drained.append(bench.transport.lastOutput().drain());
      }
    }
    Await.until(
        "all", () -> drained.append(bench.transport.lastOutput().drain()).length() == 500_000);
    isKnown.set(false);
    Await.until("sent away", () -> remote.modules().isEmpty());
  }

  @Test
  public void aCertificateDoesAsWell() throws Exception {
    StreamClient client = remote.keep(runtime(certificates.context("client")).connect("collector"));
    assertEquals("collector", remote.modules().get(0).instance());
    client.close();
  }

  @Test
  public void withoutEitherNobodyGetsIn() {
    StreamException e =
        assertThrows(
            StreamException.class,
            () -> runtime(certificates.context("")).token("wrong").connect("camera"));
    assertEquals(StreamResult.DENIED, e.result());
  }

  @Test
  public void whoDoesNotTrustTheRuntimeSaysSo() {
    StreamException e =
        assertThrows(
            StreamException.class,
            () -> runtime(SSLContext.getDefault()).patience(5000).token(TOKEN).connect("camera"));
    assertEquals(StreamResult.TIMEDOUT, e.result());
    assertTrue(e.getMessage(), e.getMessage().contains("the connection broke"));
  }
}
