/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates made by OpenSSL, as PEM files: {@code ca} has signed {@code server}, {@code
 * lasting} (for 100 days) and {@code expired} (all for 127.0.0.1, ::1 and localhost) and {@code
 * client} (for no name), {@code stranger} has signed itself. All are EC but {@code client}, which
 * is RSA.
 */
public final class Certificates {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final List<String> EC =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
  private static final List<String> RSA = List.of("-newkey", "rsa:2048");
  private static final List<String> HERE =
      List.of("-addext", "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost");
  private static final List<String> NOWHERE = List.of();

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static Certificates instance;

  private final Path folder;

  /** The same for all tests of a run. */
  public static synchronized Certificates instance() {
    if (instance == null) {
      try {
        instance = new Certificates(Files.createTempDirectory("daqstream-tls"));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return instance;
  }

  private Certificates(Path folder) throws IOException {
    this.folder = folder;
    signItself("ca");
    signItself("stranger");
    signByCa("server", EC, HERE, 2);
    signByCa("lasting", EC, HERE, 100);
    signByCa("expired", EC, HERE, -1);
    signByCa("client", RSA, NOWHERE, 2);
    signByCa("elsewhere", EC, List.of("-addext", "subjectAltName=DNS:device.example"), 2);
    request("early", EC, HERE);
    prepareCa();
    sign("early", "20480101000000Z", "20490101000000Z");
    openssl("ec", "-in", file("server.key"), "-out", file("server-sec1.key"));
    openssl("rsa", "-traditional", "-in", file("client.key"), "-out", file("client-pkcs1.key"));
    Files.writeString(
        folder.resolve("server-parameters.key"),
        run("ecparam", "-name", "prime256v1") + Files.readString(Path.of(file("server-sec1.key"))));
    String[] encrypted = {"-aes128", "-passout", "pass:changeit"};
    openssl(encrypted, "ec", "-in", file("server.key"), "-out", file("encrypted-sec1.key"));
    openssl(encrypted, "pkey", "-in", file("server.key"), "-out", file("encrypted.key"));
    String[] store = {"-export", "-passout", "pass:changeit", "-out", file("server.p12")};
    openssl(store, "pkcs12", "-in", file("server.crt"), "-inkey", file("server.key"));
    deleteAtExit();
  }

  private void signItself(String name) throws IOException {
    List<String> command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2"));
    command.addAll(EC);
    command.addAll(List.of("-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1"));
    command.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".crt")));
    openssl(command.toArray(String[]::new));
  }

  private void signByCa(String name, List<String> key, List<String> names, int days)
      throws IOException {
    request(name, key, names);
    List<String> sign = new ArrayList<>(List.of("x509", "-req", "-days", String.valueOf(days)));
    sign.addAll(List.of("-CA", file("ca.crt"), "-CAkey", file("ca.key"), "-CAcreateserial"));
    sign.addAll(List.of("-copy_extensions", "copy", "-in", file(name + ".csr")));
    sign.addAll(List.of("-out", file(name + ".crt")));
    openssl(sign.toArray(String[]::new));
    addCa(name);
  }

  private void request(String name, List<String> key, List<String> names) throws IOException {
    List<String> request =
        new ArrayList<>(List.of("req", "-new", "-nodes", "-subj", "/CN=" + name));
    request.addAll(key);
    request.addAll(names);
    request.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".csr")));
    openssl(request.toArray(String[]::new));
  }

  private void prepareCa() throws IOException {
    Files.writeString(folder.resolve("index.txt"), "");
    Files.writeString(folder.resolve("serial"), "1000\n");
    Files.writeString(
        folder.resolve("ca.cnf"),
        """
        [ca]
        default_ca = c
        [c]
        database = %1$s/index.txt
        serial = %1$s/serial
        new_certs_dir = %1$s
        default_md = sha256
        copy_extensions = copy
        policy = p
        [p]
        commonName = supplied
        """
            .formatted(folder));
  }

  private void sign(String name, String from, String until) throws IOException {
    List<String> sign = new ArrayList<>(List.of("ca", "-batch", "-notext"));
    sign.addAll(List.of("-config", file("ca.cnf"), "-cert", file("ca.crt")));
    sign.addAll(List.of("-keyfile", file("ca.key"), "-in", file(name + ".csr")));
    sign.addAll(List.of("-startdate", from, "-enddate", until));
    sign.addAll(List.of("-out", file(name + ".crt")));
    openssl(sign.toArray(String[]::new));
    addCa(name);
  }

  /**
   * Makes one more by the {@code ca}, for 127.0.0.1, ::1 and localhost, that ends at this second.
   */
  public synchronized void make(String name, Instant end) throws IOException {
    request(name, EC, HERE);
    sign(name, "20200101000000Z", SECOND.format(end));
    deleteAtExit();
  }

  private void addCa(String name) throws IOException {
    Files.writeString(
        Path.of(file(name + ".crt")),
        "Text between certificates is passed over.\n"
            + Files.readString(Path.of(file(name + ".crt")))
            + Files.readString(Path.of(file("ca.crt"))));
  }

  private void openssl(String[] more, String... arguments) throws IOException {
    openssl(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private void openssl(String... arguments) throws IOException {
    String words = run(arguments);
    assertTrue(words, words.length() < 10_000);
  }

  /** What it says. */
  private String run(String... arguments) throws IOException {
    Needs.program("openssl", "openssl");
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Path words = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(words.toFile())
            .start();
    try {
      assertTrue("openssl ends", process.waitFor(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    assertEquals(command + Files.readString(words), 0, process.exitValue());
    return Files.readString(words);
  }

  private void deleteAtExit() throws IOException {
    folder.toFile().deleteOnExit(); // the last registered goes first
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> file.toFile().deleteOnExit());
    }
  }

  /** A PEM file, for example {@code ca.crt} or {@code server.key}. */
  public String file(String name) {
    return folder.resolve(name).toString();
  }

  /** For the JDK's own TLS sockets: the server's key, trusting the ca. */
  public SSLContext context() throws GeneralSecurityException, IOException {
    return context("server");
  }

  /** For the JDK's own TLS sockets: the key of a name, if it is not empty, trusting the ca. */
  public SSLContext context(String name) throws GeneralSecurityException, IOException {
    KeyStore own = emptyStore();
    if (!name.isEmpty()) {
      own.setKeyEntry(name, key(name + ".key"), PASSWORD, certificates(name + ".crt"));
    }
    KeyStore anchors = emptyStore();
    anchors.setCertificateEntry("ca", certificates("ca.crt")[0]);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** The first certificate of a file. */
  public X509Certificate certificate(String name) throws GeneralSecurityException, IOException {
    return (X509Certificate) certificates(name)[0];
  }

  private Certificate[] certificates(String name) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(Certificate[]::new);
    }
  }

  private PrivateKey key(String name) throws GeneralSecurityException, IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name), StandardCharsets.US_ASCII);
    String body = String.join("", lines.subList(1, lines.size() - 1));
    return KeyFactory.getInstance(name.equals("client.key") ? "RSA" : "EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }
}
