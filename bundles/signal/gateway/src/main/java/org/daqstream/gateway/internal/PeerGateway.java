/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.client.AcceptedConnection;
import org.daqstream.client.DeviceAddress;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.signal.api.SignalRegistry;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Publishes what clients of the servers in this runtime offer them, as long as they do. */
@Component
public final class PeerGateway implements PeerSignals {
  private static final String STOPPED = "nobody takes signals any more";

  private final SignalRegistry registry;
  private final String runtimeId;
  private final IncomingLinks incoming;
  private final Set<PeerLink> links = ConcurrentHashMap.newKeySet();
  private volatile boolean isStopped;

  /** Waits for clients. */
  @Activate
  public PeerGateway(@Reference SignalRegistry registry, BundleContext context) {
    this.registry = registry;
    runtimeId = LocalNames.runtimeId(context);
    incoming = new IncomingLinks(() -> IncomingLinks.agents(context));
  }

  @Override
  public Session open(PublishingClient client) {
    PeerLink link = new PeerLink(client);
    links.add(link);
    if (isStopped) {
      link.giveUp();
    }
    return link;
  }

  /** Withdraws all signals, and disconnects the clients: who comes next takes what they offer. */
  @Deactivate
  void stop() {
    isStopped = true;
    links.forEach(PeerLink::giveUp);
  }

  /** The signals of one client. */
  private final class PeerLink implements Session {
    private final PublishingClient client;
    private final DeviceLink link;
    private AcceptedConnection connection;

    PeerLink(PublishingClient client) {
      this.client = client;
      InetSocketAddress from = client.address();
      DeviceAddress address =
          new DeviceAddress(from.getAddress().getHostAddress(), from.getPort(), "/", false);
      link =
          new DeviceLink(
              registry,
              client.name(),
              Settings.ofPeer(address, client.prefix(), client.signalsLimit()),
              address,
              runtimeId,
              incoming,
              client::mayPublish,
              () -> {},
              (listener, linkId) -> {
                connection =
                    new AcceptedConnection(
                        address,
                        client.messageLimitBytes(),
                        client.signalsLimit(),
                        client::send,
                        listener);
                return connection.client();
              });
    }

    private void giveUp() {
      client.disconnect(STOPPED);
      closed(STOPPED);
    }

    @Override
    public void packet(int signo, int type, ByteBuffer payload) {
      connection.packet(signo, type, payload);
    }

    @Override
    public void closed(String why) {
      if (links.remove(this)) {
        connection.closed(why);
        link.close();
        // Of a client that comes again the one before may have the ids until now.
        links.forEach(other -> other.link.retrySoon());
      }
    }
  }
}
