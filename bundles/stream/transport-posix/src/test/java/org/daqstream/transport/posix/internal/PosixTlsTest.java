/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Both ends ours. */
public class PosixTlsTest extends TlsBench {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private void roundTrip(String host) throws StreamException {
    listen(host);
    TransportOutput output = dial(host, input.boundPort());
    byte[] sent = random(5_000_000, 1);
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.wrap(sent)));
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    Await.until("peer down", () -> sink.down().size() == 1);
    assertArrayEquals(sent, sink.bytes(sink.up().get(0)));
    assertEquals(List.of("closed by peer"), sink.down());
    assertFalse("asked for no certificate", sink.addresses().get(0).contains("("));
    assertEquals("", input.statistics().lastError());
    assertEquals(sent.length, input.statistics().bytes());
    assertEquals(sent.length, output.statistics().bytes());
  }

  @Test
  public void bytesArriveAsTheyWereSentOnIpv6() throws Exception {
    roundTrip("::1");
  }

  @Test
  public void hostNamesAreVerifiedToo() throws Exception {
    roundTrip("localhost");
  }

  @Test
  public void manySmallMessagesAllArrive() throws Exception {
    listen("127.0.0.1");
    TransportOutput output = dial("127.0.0.1", input.boundPort(), "queueMessages", 1_000_000L);
    for (int i = 0; i < 50_000; i++) {
      assertEquals(StreamResult.OK, output.offer(Posix.text(String.format("%8d", i))));
    }
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    Await.until("all", () -> sink.byteCount() == 400_000);
    byte[] last = sink.bytes(sink.up().get(0));
    assertEquals(Posix.text("   49999"), ByteBuffer.wrap(last, 399_992, 8));
    assertEquals(50_000, output.statistics().messages());
  }

  @Test
  public void aClientCertificateOpensTheDoor() throws Exception {
    listenForClients();
    TransportOutput output = dialAs("client");
    output.offer(Posix.text("it is me"));
    Await.until("bytes", () -> sink.byteCount() == 8);
    assertTrue(sink.addresses().toString(), sink.addresses().get(0).endsWith(" (CN=client)"));
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
  }

  @Test
  public void whereTheyAreTrustedPeersMayTellTheirName() throws Exception {
    listen("127.0.0.1", "trustFile", CERTIFICATES.file("ca.crt"));
    dialAs("client").offer(Posix.text("it is me"));
    Await.until("named", () -> sink.byteCount() == 8);
    assertTrue(sink.addresses().toString(), sink.addresses().get(0).endsWith(" (CN=client)"));
    dial("127.0.0.1", input.boundPort()).offer(Posix.text("nobody"));
    Await.until("unnamed", () -> sink.byteCount() == 14);
  }

  @Test
  public void withoutClientCertificateNothingIsSentOrLost() throws Exception {
    listenForClients();
    assertRefusedByInput(dial("127.0.0.1", input.boundPort()));
  }

  @Test
  public void aClientCertificateOfAStrangerIsRefused() throws Exception {
    listenForClients();
    assertRefusedByInput(dialAs("stranger"));
  }

  private void assertRefusedByInput(TransportOutput output) {
    output.offer(Posix.text("secret"));
    Await.until("refused twice", () -> input.statistics().rejected() >= 2);

    Await.until("told why", () -> output.statistics().lastError().contains("certificate"));
    assertEquals(List.of(), sink.up());
    assertEquals(List.of(), outSink.up());
    assertEquals(1, output.statistics().queuedMessages());
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 1, 6), output.close(0));
  }

  @Test
  public void anInputOfAStrangerIsRefused() throws Exception {
    listen(
        "127.0.0.1",
        "certificateFile",
        CERTIFICATES.file("stranger.crt"),
        "privateKeyFile",
        CERTIFICATES.file("stranger.key"));
    assertRefusedByOutput(
        dial("127.0.0.1", input.boundPort()),
        "CN=stranger is signed by itself, which is not trusted");
    TransportOutput trusting =
        dial("127.0.0.1", input.boundPort(), "trustFile", CERTIFICATES.file("stranger.crt"));
    trusting.offer(Posix.text("x"));
    Await.until("trusted", () -> sink.byteCount() == 1);
  }

  private void assertRefusedByOutput(TransportOutput output, String cause) {
    output.offer(Posix.text("secret"));

    Await.until("refused", () -> output.statistics().lastError().contains(cause));
    Await.until("input was told", () -> input.statistics().lastError().contains("certificate"));
    assertEquals(List.of(), sink.up());
    assertEquals(List.of(), outSink.up());
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 1, 6), output.close(0));
  }

  @Test
  public void aWrongNameIsRefusedUnlessToldOtherwise() throws Exception {
    listen(
        "127.0.0.1",
        "certificateFile",
        CERTIFICATES.file("client.crt"),
        "privateKeyFile",
        CERTIFICATES.file("client.key"));
    assertRefusedByOutput(
        dial("127.0.0.1", input.boundPort()), "is for no host, not for 127.0.0.1");
    TransportOutput careless = dial("127.0.0.1", input.boundPort(), "verifyHostname", "false");
    careless.offer(Posix.text("x"));
    Await.until("accepted", () -> sink.byteCount() == 1);
  }

  @Test
  public void closeUnderLoadReturnsSoon() throws Exception {
    listen("127.0.0.1");
    TransportOutput output = dial("127.0.0.1", input.boundPort());
    AtomicBoolean stop = new AtomicBoolean();
    ByteBuffer message = ByteBuffer.allocate(100_000);
    Thread writer =
        new Thread(
            () -> {
              while (!stop.get()) {
                if (output.offer(message) != StreamResult.OK) {
                  LockSupport.parkNanos(100_000);
                }
              }
            },
            "test-writer");
    writer.start();
    Await.until("flood", () -> sink.byteCount() > 1_000_000);
    long startNanos = System.nanoTime();
    input.close();
    assertTrue(Await.sinceMs(startNanos) < 1500);
    stop.set(true);
    writer.join(FLUSH_MS);
    Await.until("noticed", () -> outSink.down().size() == 1);
  }

  @Test
  public void filesThatCannotBeUsedAreNamed() throws Exception {
    Path nonsense = folder.newFile().toPath();
    Files.writeString(nonsense, "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertFileError("certificateFile", "/no/such/file", "no such file");
    assertFileError("certificateFile", nonsense.toString(), "");
    assertFileError("privateKeyFile", nonsense.toString(), "holds no private key");
    assertFileError("privateKeyFile", CERTIFICATES.file("encrypted.key"), "is encrypted");
    assertFileError("privateKeyFile", CERTIFICATES.file("encrypted-sec1.key"), "is encrypted");
    assertFileError("privateKeyFile", CERTIFICATES.file("client.key"), "");
    assertFileError("privateKeyFile", CERTIFICATES.file("client-pkcs1.key"), "");
    assertFileError("privateKeyFile", CERTIFICATES.file("stranger.key"), "is not the key of");
    assertFileError("trustFile", CERTIFICATES.file("ca.key"), "");
  }

  @Test
  public void keysAreReadInEveryFormOfOpenssl() throws Exception {
    for (String key : List.of("server.key", "server-sec1.key", "server-parameters.key")) {
      long before = sink.byteCount();
      listen(
          "127.0.0.1",
          "privateKeyFile",
          CERTIFICATES.file(key),
          "requireClientCertificate",
          true,
          "trustFile",
          CERTIFICATES.file("ca.crt"));
      TransportOutput output =
          dial(
              "127.0.0.1",
              input.boundPort(),
              "certificateFile",
              CERTIFICATES.file("client.crt"),
              "privateKeyFile",
              CERTIFICATES.file("client-pkcs1.key"));
      output.offer(Posix.text(key));
      Await.until(key, () -> sink.byteCount() == before + key.length());
    }
  }

  @Test
  public void anExpiredCertificateIsRefused() throws Exception {
    String[] own = {
      "certificateFile", CERTIFICATES.file("expired.crt"),
      "privateKeyFile", CERTIFICATES.file("expired.key")
    };
    listen("127.0.0.1", (Object[]) own);
    assertRefusedByOutput(dial("127.0.0.1", input.boundPort()), "expired on ");
    listenForClients();
    assertRefusedByInput(dialAs("expired"));
  }

  private void assertFileError(String key, String file, String words) {
    StreamException error =
        assertThrows(StreamException.class, () -> listen("127.0.0.1", key, file));
    assertEquals(StreamResult.ERROR, error.result());
    assertTrue(error.getMessage(), error.getMessage().contains(key + " '" + file + "'"));
    assertTrue(error.getMessage(), error.getMessage().contains(words));
  }

  @Test
  public void whatIsMissingIsNamed() {
    assertEquals(
        List.of("certificateFile", "privateKeyFile"),
        problems(StreamDirection.IN, "verifyHostname", true));
    assertEquals(
        List.of("certificateFile", "privateKeyFile", "trustFile"),
        problems(StreamDirection.IN, "requireClientCertificate", "true"));
    assertEquals(List.of("trustFile"), problems(StreamDirection.OUT));
    assertEquals(
        List.of("privateKeyFile"),
        problems(StreamDirection.OUT, "trustFile", "ca", "certificateFile", "own"));
    assertEquals(
        List.of("chunkBytes", "verifyHostname"),
        problems(
            StreamDirection.OUT, "trustFile", "ca", "verifyHostname", "maybe", "chunkBytes", 1L));
  }

  private List<String> problems(StreamDirection direction, Object... more) {
    return transport.validate(direction, Posix.parameters("h", 1, more)).stream()
        .map(ParameterProblem::key)
        .toList();
  }
}
