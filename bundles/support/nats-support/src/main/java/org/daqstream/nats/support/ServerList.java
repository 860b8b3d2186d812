/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.daqstream.base.support.ForeignText;
import org.daqstream.tls.support.TlsWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to one server after the other. By one thread. */
final class ServerList {
  private static final Logger LOG = LoggerFactory.getLogger(ServerList.class);
  private static final int PINGS_OUT = 2;

  private final NatsOptions options;
  private TlsWatch watch; // null until it is needed
  private SSLContext context;
  private List<Server> told = List.of();

  /**
   * Where to connect.
   *
   * @param name what the certificate is to bear
   */
  record Server(NatsAddress address, String name) {}

  ServerList(NatsOptions options) {
    this.options = options;
  }

  /** All of them, those that the last server told of behind those of the configuration. */
  List<Server> round() {
    List<Server> round =
        options.servers.stream()
            .map(address -> new Server(address, address.host()))
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(round);
    Set<NatsAddress> known = Set.copyOf(options.servers);
    told.stream().filter(server -> !known.contains(server.address())).forEach(round::add);
    return round;
  }

  /**
   * Connects; blocks for the time-out at most, and some milliseconds more.
   *
   * @throws IOException with the cause in words, or what jnats says
   */
  Connection connect(Server server, LinkEvents events) throws IOException, InterruptedException {
    Connection connection = Nats.connect(jnats(server, events));
    told =
        connection.getServerInfo().getConnectURLs().stream()
            .flatMap(url -> address(url).stream())
            .map(address -> new Server(address, server.name()))
            .toList();
    return connection;
  }

  /** What a server tells of another, without a scheme; none when that cannot be understood. */
  private Optional<NatsAddress> address(String url) {
    try {
      NatsAddress address = NatsAddress.parse(url);
      return Optional.of(new NatsAddress(options.isTls(), address.host(), address.port()));
    } catch (IllegalArgumentException e) {
      LOG.debug("a server tells of another: {}", ForeignText.plain(url), e);
      return Optional.empty();
    }
  }

  private Options jnats(Server server, LinkEvents events) throws IOException {
    Duration timeout = Duration.ofMillis(options.connectTimeoutMs);
    Options.Builder jnats =
        new Options.Builder()
            .server(server.address().url())
            .connectionName(options.clientName)
            .connectionTimeout(timeout)
            .dataPortType(LinkPort.class.getName())
            .socketWriteTimeout(timeout.plusSeconds(1))
            .pingInterval(Duration.ofMillis(options.pingMs))
            .maxPingsOut(PINGS_OUT)
            .ignoreDiscoveredServers()
            .noReconnect()
            .errorListener(events)
            .connectionListener(events)
            .callbackExecutor(new DirectExecutor());
    if (options.isTls()) {
      jnats.sslContext(NamedContext.of(context(), server.name(), options.verifyHostname));
    }
    if (options.credentialsFile.isSet()) {
      jnats.authHandler(UserCredentials.read(options.credentialsFile));
    } else if (!options.user.isEmpty()) {
      jnats.userInfo(options.user.toCharArray(), options.password.toCharArray());
    } else if (!options.token.isEmpty()) {
      jnats.token(options.token.toCharArray());
    }
    return jnats.build();
  }

  private SSLContext context() throws IOException {
    if (watch == null) {
      watch =
          new TlsWatch(
              options.clientName,
              options.tlsFiles,
              keys -> context = keys.context(),
              LOG::info,
              LOG::warn,
              Clock.systemUTC());
      context = watch.keys().context();
    }
    watch.reread();
    return context;
  }
}
