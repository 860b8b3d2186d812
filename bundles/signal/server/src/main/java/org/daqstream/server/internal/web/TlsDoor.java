/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.time.Clock;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.tls.support.ShownChain;
import org.daqstream.tls.support.TlsKeys;
import org.daqstream.tls.support.TlsProblem;
import org.daqstream.tls.support.TlsWatch;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of both ports, by Jetty: keys that are read again when their files change, and handshakes on
 * few threads of their own, so that however many come, those who are in notice nothing.
 */
final class TlsDoor {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);
  private static final String NO_PASSWORD = "";
  private static final long IDLE_SECONDS = 5;

  private final TlsTerms terms;
  private final ServerStatistics statistics;
  private final TlsWatch watch;
  private final Keys keys;
  private final ShownCertificates shown;
  private final ThreadPoolExecutor handshakes;
  private final AtomicBoolean checking = new AtomicBoolean();

  /** Reads the files. */
  TlsDoor(TlsTerms terms, ServerStatistics statistics) throws IOException {
    this.terms = terms;
    this.statistics = statistics;
    watch =
        new TlsWatch(
            terms.pid(), terms.files(), this::reload, LOG::info, LOG::warn, Clock.systemUTC());
    keys = new Keys(watch.keys());
    shown = new ShownCertificates(watch.keys(), this::leaves, Clock.systemUTC());
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    handshakes =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // as many as there may be connections
            TlsConnection.HandshakeThread::new);
    handshakes.allowCoreThreadTimeOut(true);
  }

  /** What Jetty makes of keys. */
  private final class Keys extends SslContextFactory.Server {
    private TlsKeys current;

    Keys(TlsKeys first) {
      setIncludeProtocols(TlsKeys.protocols());
      setRenegotiationAllowed(false);
      setEndpointIdentificationAlgorithm(null); // clients have no host name
      setWantClientAuth(terms.clients() == TlsTerms.ClientCertificates.WANT);
      setNeedClientAuth(terms.clients() == TlsTerms.ClientCertificates.NEED);
      use(first);
    }

    void use(TlsKeys next) {
      current = next;
      setKeyStore(next.own());
      setKeyManagerPassword(NO_PASSWORD);
      setTrustStore(next.anchors() == null ? next.own() : next.anchors());
    }

    @Override
    protected TrustManager[] getTrustManagers(KeyStore store, Collection<? extends CRL> crls)
        throws Exception {
      return new TrustManager[] {current.trust()};
    }
  }

  /** Tries them first: after a failed reload Jetty (12.1.14) would refuse every handshake. */
  private void reload(TlsKeys next) throws Exception {
    Keys trial = new Keys(next);
    trial.start();
    trial.stop();
    keys.reload(factory -> ((Keys) factory).use(next));
    shown.setKeys(next);
  }

  private void leaves(TlsConnection connection, String why) {
    statistics.refused(connection.getEndPoint().getRemoteSocketAddress(), "TLS: " + why);
  }

  /** Has the files looked at by a thread that may wait for a disk. */
  void sweep(Executor executor) {
    if (!checking.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(this::check);
    } catch (RejectedExecutionException e) {
      checking.set(false); // next time
    }
  }

  private void check() {
    try {
      watch.check();
      shown.sweep();
    } finally {
      checking.set(false);
    }
  }

  /** Makes connections that begin with TLS and go on with HTTP. */
  SslConnectionFactory factory(HttpConfiguration http, HttpConnectionFactory next) {
    // Clients compare the name with the certificate; some connect by another one on purpose.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new SslConnectionFactory(keys, next.getProtocol()) {
      @Override
      protected SslConnection newSslConnection(
          Connector connector, EndPoint endPoint, SSLEngine engine) {
        return connection(connector, endPoint, engine);
      }
    };
  }

  private SslConnection connection(Connector connector, EndPoint endPoint, SSLEngine engine) {
    TlsConnection connection =
        new TlsConnection(
            connector.getByteBufferPool(),
            connector.getExecutor(),
            keys,
            endPoint,
            engine,
            this::shake);
    TlsKeys judgedBy = shown.keys();
    connection.addEventListener(
        new Connection.Listener() {
          @Override
          public void onClosed(Connection closed) {
            shown.remove(connection);
          }
        });
    connection.addHandshakeListener(
        new SslHandshakeListener() {
          @Override
          public void handshakeSucceeded(Event event) {
            connection.established();
            ShownChain.of(engine.getSession(), judgedBy)
                .ifPresent(chain -> shown.add(connection, chain));
          }

          @Override
          public void handshakeFailed(Event event, Throwable failure) {
            statistics.refused(
                endPoint.getRemoteSocketAddress(), "TLS: " + TlsProblem.text(failure));
          }
        });
    return connection;
  }

  private void shake(Runnable step) {
    try {
      handshakes.execute(step);
    } catch (RejectedExecutionException e) {
      LOG.debug("a handshake came when all was over");
    }
  }

  void stop() {
    handshakes.shutdownNow();
  }
}
