/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.daqstream.tls.support.TlsKeys;

/**
 * Puts a connection of jnats inside TLS as the others of this product are: jnats resolves the name
 * of the server, dials the address, and compares neither with the server's certificate.
 */
final class NamedSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory below;
  private final String host;
  private final boolean verify;

  /**
   * For one server.
   *
   * @param host as configured, told to the server
   * @param verify whether its certificate must bear that
   */
  NamedSocketFactory(SSLSocketFactory below, String host, boolean verify) {
    this.below = below;
    this.host = host;
    this.verify = verify;
  }

  @Override
  public Socket createSocket(Socket connected, String address, int port, boolean autoClose)
      throws IOException {
    SSLSocket socket = (SSLSocket) below.createSocket(connected, host, port, autoClose);
    socket.setEnabledProtocols(TlsKeys.protocols());
    if (verify) {
      SSLParameters settings = socket.getSSLParameters();
      settings.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(settings);
    }
    return socket;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return below.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return below.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String address, int port) {
    throw other();
  }

  @Override
  public Socket createSocket(String address, int port, InetAddress local, int localPort) {
    throw other();
  }

  @Override
  public Socket createSocket(InetAddress address, int port) {
    throw other();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
    throw other();
  }

  private static UnsupportedOperationException other() {
    return new UnsupportedOperationException("only around a connection");
  }
}
