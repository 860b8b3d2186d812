/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.junit.Test;

/** {@code tls+tcp} against the C library, by its program nngcat. */
public class NngcatTlsTest extends NngcatBench {
  private static final Certificates CERTIFICATES = Certificates.instance();

  /** It reads certificates in a strict form only. */
  private String pem(String... names) throws IOException {
    File file = folder.newFile();
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      String text = Files.readString(Path.of(CERTIFICATES.file(name)));
      all.append(text.substring(text.indexOf("-----BEGIN")));
    }
    Files.writeString(file.toPath(), all);
    return file.getPath();
  }

  private TransportInput listening(Object... more) throws StreamException {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "certificateFile",
                CERTIFICATES.file("server.crt"),
                "privateKeyFile",
                CERTIFICATES.file("server.key")));
    all.addAll(Arrays.asList(more));
    return transport.openInput(
        "i", Nng.in(Nng.listen("tls+tcp://localhost:0", all.toArray())), sink);
  }

  private static String url(int port) {
    return "tls+tcp://localhost:" + port;
  }

  private void push(TransportInput input, String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("--push", "--dial", url(input.boundPort()), "--delay", "1"));
    all.addAll(List.of("--cacert", CERTIFICATES.file("ca.crt")));
    all.addAll(Arrays.asList(arguments));
    nngcat(folder.newFile(), all.toArray(String[]::new));
  }

  @Test
  public void wePullWhatItPushesInsideTls() throws Exception {
    TransportInput input = listening();
    push(input, "--data", "hello");
    Await.until("hello", () -> sink.texts().equals(List.of("hello")));
    byte[] payload = new byte[3_000_000];
    new Random(1).nextBytes(payload);
    File file = folder.newFile();
    Files.write(file.toPath(), payload);
    push(input, "--file", file.getPath());
    Await.until("large message", () -> sink.count() == 2);
    assertArrayEquals(payload, sink.messages(sink.up().get(1)).get(0));
  }

  @Test
  public void itsCertificateIsItsName() throws Exception {
    TransportInput input =
        listening("requireClientCertificate", true, "trustFile", CERTIFICATES.file("ca.crt"));
    push(input, "--data", "nameless");
    Await.until("refused", () -> input.statistics().rejected() > 0);
    push(input, "--data", "hello", "--cert", pem("client.crt"), "--key", pem("client.key"));
    Await.until("hello", () -> sink.texts().equals(List.of("hello")));
    String address = sink.addresses().get(0);
    assertTrue(address, address.endsWith(" (CN=client)"));
  }

  @Test
  public void itPullsWhatWePushInsideTls() throws Exception {
    String url = url(Nng.freePort());
    File received = folder.newFile();
    Process nngcat =
        nngcat(
            received,
            "--pull",
            "--listen",
            url,
            "-Q",
            "--count",
            "3",
            "--cert",
            pem("server.crt"),
            "--key",
            pem("server.key"));
    TransportOutput output =
        transport.openOutput(
            "i",
            Nng.out(Nng.dial(url, "lazy", true, "trustFile", CERTIFICATES.file("ca.crt"))),
            sink);
    for (String text : List.of("hello", "", "bye")) {
      assertEquals(StreamResult.OK, output.offer(Nng.text(text)));
    }
    assertEquals(output.statistics().lastError(), NOTHING_LOST, output.close(DEADLINE_MS));
    assertTrue(nngcat.waitFor(DEADLINE_MS, TimeUnit.MILLISECONDS));
    assertEquals("\"hello\"\n\"\"\n\"bye\"\n", Files.readString(received.toPath()));
  }

  @Test
  public void aListenerThatNobodyVouchesForGetsNothing() throws Exception {
    String url = url(Nng.freePort());
    nngcat(
        folder.newFile(),
        "--pull",
        "--listen",
        url,
        "--cert",
        pem("stranger.crt"),
        "--key",
        pem("stranger.key"));
    TransportOutput output =
        transport.openOutput(
            "i",
            Nng.out(Nng.dial(url, "lazy", true, "trustFile", CERTIFICATES.file("ca.crt"))),
            sink);
    output.offer(ByteBuffer.wrap(new byte[1]));
    Await.until(
        "said", () -> output.statistics().lastError().contains("CN=stranger is signed by itself"));
    assertEquals(List.of(), sink.up());
  }

  @Test
  public void tlsAndPlainAddressesDoNotMix() {
    String both = "tls+tcp://localhost:1,tcp://localhost:2";
    String why =
        assertThrows(
                StreamException.class,
                () -> transport.openOutput("i", Nng.out(Nng.dial(both)), sink))
            .getMessage();
    assertTrue(why, why.contains("cannot be mixed"));
  }
}
