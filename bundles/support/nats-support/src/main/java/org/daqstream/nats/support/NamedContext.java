/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A context whose sockets are those of a {@link NamedSocketFactory}; jnats wants a context. */
final class NamedContext extends SSLContext {
  private NamedContext(SSLContextSpi spi, Provider provider, String protocol) {
    super(spi, provider, protocol);
  }

  static SSLContext of(SSLContext below, String host, boolean verify) {
    return new NamedContext(
        new Spi(below, new NamedSocketFactory(below.getSocketFactory(), host, verify)),
        below.getProvider(),
        below.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext below;
    private final SSLSocketFactory sockets;

    Spi(SSLContext below, SSLSocketFactory sockets) {
      this.below = below;
      this.sockets = sockets;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("is ready already");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return sockets;
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return below.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return below.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return below.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return below.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return below.getClientSessionContext();
    }
  }
}
