/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Subscribe;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Test;

/** A client offers a value, and describes a domain besides that it never offered. */
public final class PeerRightsTest {
  private final RecordingRegistry registry = new RecordingRegistry();
  private final PeerGateway gateway = new PeerGateway(registry, new FakeContext().get());

  /** May publish some ids, and hears nothing. */
  private record Client(Set<String> ids) implements PublishingClient {
    @Override
    public String name() {
      return "press";
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public String prefix() {
      return "p/";
    }

    @Override
    public boolean mayPublish(String signalId) {
      return ids.contains(signalId);
    }

    @Override
    public int signalsLimit() {
      return 10;
    }

    @Override
    public int messageLimitBytes() {
      return 65_536;
    }

    @Override
    public boolean send(byte[] packet) {
      return true;
    }

    @Override
    public void disconnect(String reason) {}
  }

  private static void tell(PeerSignals.Session session, int signo, Metadata message) {
    new PacketReader(Limits.DEFAULT, session::packet)
        .readMessage(ByteBuffer.wrap(MetadataCodec.packet(signo, message)));
  }

  private static void describe(
      PeerSignals.Session session, int signo, SignalDescriptor signal, String tableId) {
    tell(session, signo, new Subscribe(signal.signalId()).toMetadata());
    SignalMessage message =
        new SignalMessage(SignalDocument.of(signal, Map.of(), tableId, 0, PeerProfile.FULL));
    tell(session, signo, message.toMetadata());
  }

  private void publish(String... allowedIds) {
    PeerSignals.Session session = gateway.open(new Client(Set.of(allowedIds)));
    tell(session, 0, ApiVersion.V2_0_0.toMetadata());
    CommandInterfaces inBand = new CommandInterfaces(List.of(CommandInterface.inBand()));
    tell(session, 0, new Init("s", inBand).toMetadata());
    tell(session, 0, new Available(List.of("/v")).toMetadata());
    describe(session, 1, SignalDescriptor.linearTime("/t", 10), "/t");
    describe(session, 2, SignalDescriptor.value("/v", DataTypes.INT8).build(), "/t");
  }

  @After
  public void stop() {
    gateway.stop();
    Await.noThread("daqstream-gateway");
  }

  @Test
  public void whatItMayIsPublished() {
    publish("p/t", "p/v");
    assertEquals(List.of("p/t", "p/v"), registry.ids());
  }

  @Test
  public void aDomainThatItNeverOfferedIsRefusedAndTold() {
    LogLines.clear();
    publish("p/v");
    assertEquals(List.of(), registry.ids());
    assertEquals(1, LogLines.with("not published: its role may not publish p/t").size());
  }
}
