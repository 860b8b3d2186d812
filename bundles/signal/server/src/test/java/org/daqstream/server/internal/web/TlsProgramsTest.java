/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.Needs;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Both ports inside TLS, as OpenSSL and curl see them. */
public class TlsProgramsTest {
  private static final Certificates CERTIFICATES = Certificates.instance();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** How it ended, and all that it said. */
  private record Said(int code, String text) {}

  private Said run(String input, List<String> command) throws Exception {
    Needs.program(command.get(0), command.get(0));
    File output = folder.newFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.US_ASCII));
      in.flush();
      assertTrue(command + " ends", process.waitFor(20, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    return new Said(process.exitValue(), Files.readString(output.toPath()));
  }

  /** It says a request, or what input it is given; the server ends the connection. */
  private Said client(TlsServer tls, String input, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client"));
    command.addAll(List.of("-connect", "127.0.0.1:" + tls.server.port()));
    command.addAll(List.of("-CAfile", CERTIFICATES.file("ca.crt"), "-verify_return_error"));
    command.addAll(List.of("-verify_ip", "127.0.0.1"));
    command.addAll(List.of(more));
    return run(input, command);
  }

  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  @Test
  public void opensslSpeaksTls13And12AndNothingOlder() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
        Said said = client(tls, REQUEST, "-ign_eof", version);
        assertTrue(said.text(), said.text().contains("Verify return code: 0 (ok)"));
        assertTrue(said.text(), said.text().contains("HTTP/1.1 400"));
      }
      Said old = client(tls, "", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
      assertNotEquals(0, old.code());
      assertTrue(old.text(), old.text().contains("alert protocol version"));
    }
  }

  @Test
  public void opensslGetsNoWeakCipher() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      Said proper =
          client(tls, REQUEST, "-ign_eof", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256");
      assertTrue(proper.text(), proper.text().contains("HTTP/1.1 400"));
      for (String weak :
          List.of("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-NULL-SHA", "AECDH-AES128-SHA")) {
        Said said = client(tls, REQUEST, "-ign_eof", "-tls1_2", "-cipher", weak + ":@SECLEVEL=0");
        assertTrue(weak + " " + said.text(), said.text().contains("alert handshake failure"));
      }
    }
  }

  @Test
  public void opensslMayNotRenegotiate() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      Said said = client(tls, "R\n" + REQUEST, "-tls1_2");
      assertTrue(said.text(), said.text().contains("RENEGOTIATING"));
      assertTrue(said.text(), !said.text().contains("HTTP/1.1"));
    }
  }

  private Said curl(TlsServer tls, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "--max-time", "15"));
    command.addAll(List.of("--noproxy", "*", "-o", "-"));
    command.addAll(List.of(more));
    command.add("https://127.0.0.1:" + tls.server.controlPort() + "/");
    return run("", command);
  }

  @Test
  public void curlGetsItsAnswerIfItTrustsTheAuthority() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      Said said = curl(tls, "--cacert", CERTIFICATES.file("ca.crt"));
      assertTrue(said.text(), said.text().contains("this is a streaming server"));
      assertEquals("not verified", 60, curl(tls).code());
      tls.put("elsewhere");
      for (int i = 0; i < 100 && said.code() != 60; i++) {
        said = curl(tls, "--cacert", CERTIFICATES.file("ca.crt"));
      }
      assertEquals("another name: " + said.text(), 60, said.code());
    }
  }

  @Test
  public void curlShowsItsCertificate() throws Exception {
    String ca = CERTIFICATES.file("ca.crt");
    try (TlsServer tls = new TlsServer("tls.clientCertificates", "need", "tls.trust", ca)) {
      assertNotEquals(0, curl(tls, "--cacert", ca).code());
      Said said =
          curl(
              tls,
              "--cacert",
              ca,
              "--cert",
              CERTIFICATES.file("client.crt"),
              "--key",
              CERTIFICATES.file("client.key"));
      assertEquals(said.text(), 0, said.code());
    }
  }
}
