/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.daqstream.socket.support.SocketLink;

/** Keys and trust of one stream, read from its files. TLS 1.2 and 1.3, no renegotiation. */
final class TlsContext {
  private static final char[] NO_PASSWORD = new char[0];

  private final TlsParameters parameters;
  private final SSLContext context;

  /** Blocks for reading the files. */
  TlsContext(TlsParameters parameters) throws IOException {
    this.parameters = parameters;
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(ownKey(parameters), NO_PASSWORD);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors(parameters));
      context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static KeyStore ownKey(TlsParameters parameters)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    if (!parameters.certificateFile().isEmpty()) {
      Certificate[] chain = Pem.certificates("certificateFile", parameters.certificateFile());
      PrivateKey key =
          Pem.privateKey("privateKeyFile", parameters.privateKeyFile(), chain[0].getPublicKey());
      store.setKeyEntry("own", key, NO_PASSWORD, chain);
    }
    return store;
  }

  private static KeyStore anchors(TlsParameters parameters)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    if (!parameters.trustFile().isEmpty()) {
      int number = 0;
      for (Certificate anchor : Pem.certificates("trustFile", parameters.trustFile())) {
        store.setCertificateEntry("anchor" + number++, anchor);
      }
    }
    return store;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** For connections accepted. */
  SocketLink.Factory server() {
    return socket -> {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setNeedClientAuth(parameters.requireClientCertificate());
      return new TlsLink(socket, restricted(engine));
    };
  }

  /** For connections dialled. */
  SocketLink.Factory client(String hostname, int port) {
    return socket -> {
      SSLEngine engine = context.createSSLEngine(hostname, port);
      engine.setUseClientMode(true);
      if (parameters.verifyHostname()) {
        SSLParameters settings = engine.getSSLParameters();
        settings.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(settings);
      }
      return new TlsLink(socket, restricted(engine));
    };
  }

  private static SSLEngine restricted(SSLEngine engine) throws SSLException {
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    engine.beginHandshake();
    return engine;
  }
}
