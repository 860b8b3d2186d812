/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.TlsOptions;
import org.daqstream.client.TokenSource;

/**
 * Makes the client of a link to a device, which begins to connect.
 *
 * @param name of the configuration
 */
record DeviceConnector(String name, Settings settings, DeviceAddress address)
    implements BiFunction<ConnectionListener, String, StreamingClient> {

  @Override
  public StreamingClient apply(ConnectionListener listener, String linkId) {
    return trusting(StreamingClient.at(address.toUri().toString()))
        .name(IncomingLinks.nameOf(name, linkId))
        .listener(listener)
        .token(TokenSource.of(settings.token().text()))
        .timeouts(settings.connectTimeoutMs(), settings.commandTimeoutMs())
        .pingIntervalMs(settings.pingIntervalMs())
        .reconnect(settings.reconnectMinMs(), settings.reconnectMaxMs())
        .open();
  }

  private StreamingClient.Builder trusting(StreamingClient.Builder builder) {
    if (settings.tls().equals(TlsOptions.NONE)) {
      return builder;
    }
    try {
      return builder.tls(settings.tls());
    } catch (IOException e) { // it was read a moment ago
      throw new UncheckedIOException(e);
    }
  }
}
