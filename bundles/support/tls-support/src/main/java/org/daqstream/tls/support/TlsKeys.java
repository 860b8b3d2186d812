/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** A key with its certificates, and whom to trust, as read from {@link TlsFiles}. */
public final class TlsKeys {
  /** The protocols that are spoken. */
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final char[] NO_PASSWORD = new char[0];
  private static final String ALIAS = "own";

  private final KeyStore own;
  private final KeyStore anchors;

  private TlsKeys(KeyStore own, KeyStore anchors) {
    this.own = own;
    this.anchors = anchors;
  }

  /** The names of the protocols that are spoken: TLS 1.3 and 1.2. */
  public static String[] protocols() {
    return PROTOCOLS.clone();
  }

  static TlsKeys read(TlsFiles files) throws IOException {
    KeyStore own = emptyStore();
    if (files.keyStore().isSet()) {
      copyOwn(files, own);
    } else if (files.certificate().isSet()) {
      Certificate[] chain = Pem.certificates(files.certificate());
      PrivateKey key =
          Pem.privateKey(files.privateKey(), files.certificate(), chain[0].getPublicKey());
      put(own, key, chain);
    }
    return new TlsKeys(own, files.trust().isSet() ? anchors(files.trust()) : null);
  }

  private static KeyStore anchors(NamedFile file) throws IOException {
    KeyStore store = emptyStore();
    int number = 0;
    try {
      for (Certificate anchor : Pem.certificates(file)) {
        store.setCertificateEntry("anchor" + number++, anchor);
      }
    } catch (GeneralSecurityException e) {
      throw file.problem(e);
    }
    return store;
  }

  private static void copyOwn(TlsFiles files, KeyStore own) throws IOException {
    char[] password = files.keyStorePassword().toCharArray();
    try (InputStream in = Files.newInputStream(files.keyStore().toPath())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.getKey(alias, password);
        if (key instanceof PrivateKey privateKey) {
          if (own.size() > 0) {
            throw new IOException("holds more than one key");
          }
          put(own, privateKey, store.getCertificateChain(alias));
        }
      }
      if (own.size() == 0) {
        throw new IOException("holds no key with a certificate");
      }
    } catch (IOException | GeneralSecurityException e) {
      boolean wrongPassword =
          e instanceof UnrecoverableKeyException
              || e.getCause() instanceof UnrecoverableKeyException;
      throw files
          .keyStore()
          .problem(wrongPassword ? new IOException("cannot be opened with the password", e) : e);
    }
  }

  private static void put(KeyStore store, PrivateKey key, Certificate[] chain) throws IOException {
    try {
      store.setKeyEntry(ALIAS, key, NO_PASSWORD, chain);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static KeyStore emptyStore() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  /** The key and its certificates, without a password; empty when there is none. */
  public KeyStore own() {
    return own;
  }

  /** Those who may vouch for the other side; {@code null} for those whom Java trusts. */
  public KeyStore anchors() {
    return anchors;
  }

  /** The own certificate. */
  public Optional<X509Certificate> certificate() {
    try {
      return Optional.ofNullable((X509Certificate) own.getCertificate(ALIAS));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a store in memory cannot be read", e);
    }
  }

  /** Who judges the other side, and says in one sentence what is wrong with it. */
  public X509ExtendedTrustManager trust() throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(anchors);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager trust) {
          return new ExplainedTrust(trust);
        }
      }
      throw new IOException("this Java runtime has no trust manager for certificates");
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  /** For connections in both directions. */
  public SSLContext context() throws IOException {
    return context(trust());
  }

  /**
   * For connections to those who have one of some keys.
   *
   * @param pins {@code sha256/} and the Base64 of the hash of a public key, as RFC 7469 has it;
   *     none: any key that somebody vouches for
   * @throws IllegalArgumentException for what is no pin
   */
  public SSLContext context(Set<String> pins) throws IOException {
    if (pins.isEmpty()) {
      return context();
    }
    return context(new PinnedTrust(pins, anchors == null ? null : trust()));
  }

  private SSLContext context(TrustManager trust) throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }
}
