/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The key and the certificate for a start. */
public class TlsCreateCommandTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... more) {
    String[] args =
        Stream.concat(Stream.of("tls:create", "--out", path("").toString()), Stream.of(more))
            .toArray(String[]::new);
    PrintStream errors = new PrintStream(err, true, UTF_8);
    return Daqstream.run(new StandardStreams(out, errors, false, false), new Interruption(), args);
  }

  private Path path(String name) {
    return folder.getRoot().toPath().resolve("tls").resolve(name);
  }

  private X509Certificate certificate() throws Exception {
    try (InputStream in = Files.newInputStream(path("server.crt"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey key() throws Exception {
    String body =
        Files.readAllLines(path("server.key")).stream()
            .filter(line -> !line.startsWith("-----"))
            .collect(Collectors.joining());
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  @Test
  public void aKeyForItsOwnerAndACertificateForAllNames() throws Exception {
    assertEquals(err.toString(UTF_8), 0, run("--host", "press.example", "192.0.2.7"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(path("server.key"))));
    X509Certificate certificate = certificate();
    certificate.checkValidity();
    String names = certificate.getSubjectAlternativeNames().toString();
    for (String each :
        new String[] {"press.example", "192.0.2.7", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"}) {
      assertTrue(each + " in " + names, names.contains(", " + each + "]"));
    }
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key());
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(text);
    assertTrue(signature.verify(signed));
    assertTrue(out.toString(UTF_8), out.toString(UTF_8).contains("  tls.key = "));
    try (Stream<Path> files = Files.list(path(""))) {
      assertEquals(2, files.count());
    }
  }

  @Test
  public void whatIsThereIsReplacedOnlyWhenTold() throws Exception {
    assertEquals(0, run());
    X509Certificate first = certificate();
    assertEquals(Daqstream.FAILED, run());
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).contains("--force"));
    assertEquals(first, certificate());
    assertEquals(0, run("--force", "--json"));
    assertNotEquals(first, certificate());
    assertTrue(out.toString(UTF_8), out.toString(UTF_8).contains("\"pin\":\"sha256/"));
  }

  @Test
  public void whatIsNoNameIsRefused() {
    assertEquals(Daqstream.USAGE, run("--host", "a,dns:b"));
    assertTrue(err.toString(UTF_8), err.toString(UTF_8).contains("'a,dns:b' is no host name"));
    assertEquals(Daqstream.USAGE, run("--days", "0"));
  }
}
