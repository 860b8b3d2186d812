/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.tls.support.TlsKeys;
import org.daqstream.tls.support.TlsWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the connections of one stream inside TLS 1.2 or 1.3, without renegotiation. Files that have
 * changed are read again for the next connection, and once a second for clients who have shown a
 * certificate; other connections stay.
 */
public final class TlsLinks implements SocketLink.Factory {
  private static final Logger LOG = LoggerFactory.getLogger(TlsLinks.class);

  private static final int LOOK_MS = 1_000;

  private final TlsParameters parameters;
  private final boolean listens;
  private final TlsWatch watch;
  private SSLContext context;
  private TlsKeys keys;

  /**
   * Blocks for reading the files.
   *
   * @param who for messages, what the stream is about
   */
  public TlsLinks(String who, StreamDirection direction, TlsParameters parameters)
      throws IOException {
    this.parameters = parameters;
    listens = direction == StreamDirection.IN;
    watch =
        new TlsWatch(who, parameters.files(), this::use, LOG::info, LOG::warn, Clock.systemUTC());
    use(watch.keys());
  }

  private void use(TlsKeys next) throws IOException {
    context = next.context();
    keys = next;
  }

  @Override
  public int lookMs() {
    return listens && !parameters.trustFile().isEmpty() ? LOOK_MS : 0;
  }

  @Override
  public void look() {
    watch.check();
  }

  @Override
  public SocketLink link(SocketChannel socket, Endpoint endpoint) throws IOException {
    watch.reread();
    SSLEngine engine = context.createSSLEngine(endpoint.host(), endpoint.port());
    engine.setUseClientMode(!listens);
    engine.setEnabledProtocols(TlsKeys.protocols());
    if (listens) {
      if (parameters.requireClientCertificate()) {
        engine.setNeedClientAuth(true);
      } else {
        engine.setWantClientAuth(!parameters.trustFile().isEmpty());
      }
    } else if (parameters.verifyHostname()) {
      SSLParameters settings = engine.getSSLParameters();
      settings.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(settings);
    }
    engine.beginHandshake();
    return new TlsLink(socket, engine, () -> keys);
  }
}
