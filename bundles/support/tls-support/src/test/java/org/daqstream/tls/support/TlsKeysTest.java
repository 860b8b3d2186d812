/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.daqstream.testing.Certificates;
import org.junit.Test;

/** What is read from files, and what is said of those that cannot be. */
public class TlsKeysTest {
  private static final Certificates CERTIFICATES = Certificates.instance();

  private static NamedFile named(String key, String name) {
    return new NamedFile(key, CERTIFICATES.file(name));
  }

  private static TlsFiles store(String password) {
    return new TlsFiles(
        NamedFile.NONE,
        NamedFile.NONE,
        named("tls.keyStore", "server.p12"),
        password,
        NamedFile.NONE);
  }

  private static String failure(String certificate, String key) {
    TlsFiles files =
        TlsFiles.pem(named("tls.certificate", certificate), named("tls.key", key), NamedFile.NONE);
    return assertThrows(IOException.class, files::read).getMessage();
  }

  @Test
  public void aKeyStoreHoldsBoth() throws Exception {
    TlsKeys keys = store("changeit").read();
    assertEquals("CN=server", CertificateText.subject(keys.certificate().orElseThrow()));
    assertEquals(
        "127.0.0.1, 0:0:0:0:0:0:0:1, localhost",
        CertificateText.names(keys.certificate().orElseThrow()));
  }

  @Test
  public void aWrongPasswordIsSaidWithoutIt() {
    String why = assertThrows(IOException.class, store("guessed")::read).getMessage();
    assertTrue(why, why.startsWith("tls.keyStore '") && why.contains("password"));
    assertFalse(why, why.contains("guessed"));
    assertFalse(store("guessed").toString().contains("guessed"));
  }

  @Test
  public void whatIsWrongIsOneSentenceThatNamesKeyAndFile() {
    String encrypted = failure("server.crt", "encrypted.key");
    assertTrue(encrypted, encrypted.contains("openssl pkey -in"));
    String other = failure("server.crt", "stranger.key");
    assertTrue(other, other.endsWith("is not the key of the first certificate in tls.certificate"));
    String missing = failure("none.crt", "server.key");
    assertTrue(
        missing, missing.startsWith("tls.certificate '") && missing.endsWith("no such file"));
  }

  @Test
  public void olderFormsOfKeysAreRead() throws Exception {
    for (String key : new String[] {"server.key", "server-sec1.key", "server-parameters.key"}) {
      TlsFiles.pem(named("c", "server.crt"), named("k", key), NamedFile.NONE).read();
    }
    TlsFiles.pem(named("c", "client.crt"), named("k", "client-pkcs1.key"), NamedFile.NONE).read();
  }

  @Test
  public void aPinIsTheHashOfAKey() throws Exception {
    TlsKeys keys = store("changeit").read();
    String pin = PinnedTrust.pin(keys.certificate().orElseThrow());
    assertTrue(pin, keys.context(Set.of(pin)).getProtocol().startsWith("TLS"));
    assertThrows(IllegalArgumentException.class, () -> keys.context(Set.of("sha256/short")));
  }

  /** One that was made a moment ago, by a clock that is ahead. */
  @Test
  public void whatIsSaidOfItsTimeTellsASecondFromTheNext() throws Exception {
    X509Certificate server = store("changeit").read().certificate().orElseThrow();
    Instant from = server.getNotBefore().toInstant();
    Instant to = server.getNotAfter().toInstant();
    assertEquals(Optional.empty(), CertificateText.problemOfTime(server, from));
    assertEquals(Optional.empty(), CertificateText.problemOfTime(server, to));
    assertEquals(
        "is not valid before %s; here it is %s".formatted(utc(from), utc(from.minusSeconds(1))),
        CertificateText.problemOfTime(server, from.minusSeconds(1)).orElseThrow());
    assertEquals(
        "expired on %s; here it is %s".formatted(utc(to), utc(to.plusSeconds(1))),
        CertificateText.problemOfTime(server, to.plusSeconds(1)).orElseThrow());
  }

  private static String utc(Instant second) {
    return second.toString().replace('T', ' ').replace("Z", " UTC");
  }
}
