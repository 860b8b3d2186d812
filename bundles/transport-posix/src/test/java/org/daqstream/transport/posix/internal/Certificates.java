/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates made with the JDK's keytool, as PEM files and as a key store: {@code ca}
 * has signed {@code server} (for 127.0.0.1, ::1 and localhost) and {@code client} (for no name);
 * {@code stranger} has signed itself.
 */
final class Certificates {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private static Certificates instance;

  private final Path folder;
  private final KeyStore store;

  /** The same for all tests of a run: keytool takes its time. */
  static synchronized Certificates instance() {
    if (instance == null) {
      try {
        instance = new Certificates(Files.createTempDirectory("daqstream-tls"));
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return instance;
  }

  private Certificates(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = folder;
    Path file = folder.resolve("keys.p12");
    generate(file, "ca", "EC", "-ext", "bc:c");
    generate(
        file, "server", "EC", "-signer", "ca", "-ext", "san=ip:127.0.0.1,ip:::1,dns:localhost");
    generate(file, "client", "RSA", "-signer", "ca");
    generate(file, "stranger", "EC", "-ext", "bc:c", "-ext", "san=ip:127.0.0.1");
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    for (String alias : new String[] {"ca", "server", "client", "stranger"}) {
      StringBuilder chain = new StringBuilder("Text between certificates is passed over.\n");
      for (Certificate certificate : store.getCertificateChain(alias)) {
        chain.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      Files.writeString(folder.resolve(alias + ".crt"), chain);
      Files.writeString(
          folder.resolve(alias + ".key"),
          pem("PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded()));
    }
    deleteAtExit();
  }

  private void deleteAtExit() throws IOException {
    folder.toFile().deleteOnExit(); // the last registered goes first
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> file.toFile().deleteOnExit());
    }
  }

  private static void generate(Path store, String alias, String algorithm, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
    command.addAll(List.of("-alias", alias, "-keyalg", algorithm, "-dname", "CN=" + alias));
    command.addAll(List.of("-validity", "2"));
    command.addAll(List.of(more));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(store.resolveSibling("keytool.log").toFile())
            .start();
    assertTrue("keytool ends", keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(Files.readString(store.resolveSibling("keytool.log")), 0, keytool.exitValue());
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  /** A PEM file, for example {@code ca.crt} or {@code server.key}. */
  String file(String name) {
    return folder.resolve(name).toString();
  }

  /** For the JDK's own TLS sockets: the server's key, trusting the ca. */
  SSLContext context() throws GeneralSecurityException, IOException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "server", store.getKey("server", PASSWORD), PASSWORD, store.getCertificateChain("server"));
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("ca", store.getCertificate("ca"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
