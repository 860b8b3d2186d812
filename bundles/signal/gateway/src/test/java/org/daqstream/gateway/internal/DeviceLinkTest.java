/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.daqstream.client.AcceptedConnection;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.StreamingClient;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Unavailable;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Test;

/** Which signals of a device are asked for, without a socket between. */
public final class DeviceLinkTest {
  private static final DeviceAddress ADDRESS = DeviceAddress.parse("127.0.0.1");

  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private AcceptedConnection connection;
  private DeviceLink link;

  private static DeviceLink newLink(
      int maxSignals, BiFunction<ConnectionListener, String, StreamingClient> opener) {
    return new DeviceLink(
        new RecordingRegistry(),
        "dev",
        Settings.ofPeer(ADDRESS, "dev/", maxSignals),
        ADDRESS,
        "runtime",
        new IncomingLinks(List::of),
        id -> true,
        () -> {},
        opener);
  }

  private void open(int maxSignals) {
    link =
        newLink(
            maxSignals,
            (listener, linkId) -> {
              connection = new AcceptedConnection(ADDRESS, 1 << 20, 1000, this::command, listener);
              return connection.client();
            });
    tell(ApiVersion.V1_2_0.toMetadata());
    tell(new Init("s", new CommandInterfaces(List.of(CommandInterface.inBand()))).toMetadata());
  }

  private void tell(Metadata message) {
    new PacketReader(Limits.DEFAULT, connection::packet)
        .readMessage(ByteBuffer.wrap(MetadataCodec.packet(0, message)));
  }

  private boolean command(byte[] packet) {
    new PacketReader(Limits.DEFAULT, (signo, type, payload) -> note(payload))
        .readMessage(ByteBuffer.wrap(packet));
    return true;
  }

  private void note(ByteBuffer command) {
    try {
      Metadata message = MetadataCodec.decode(command, Limits.DEFAULT);
      asked.addAll(CommandRequest.parse(message.params()).signalIds());
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  @After
  public void close() {
    if (link != null) {
      connection.closed("the end");
      link.close();
    }
    Await.noThread("daqstream-gateway");
  }

  @Test
  public void signalsThatFoundNoRoomAreAskedForWhenThereIsSome() {
    open(2);
    tell(new Available(List.of("a", "b", "c")).toMetadata());
    Await.until("two are asked for", () -> asked.size() == 2);
    assertEquals(Set.of("a", "b"), asked);
    tell(new Unavailable(List.of("a")).toMetadata());
    link.retrySoon();
    Await.until("the third is asked for", () -> asked.contains("c"));
  }

  @Test
  public void linkThatCannotBeOpenedLeavesNoThread() {
    assertThrows(
        UncheckedIOException.class,
        () ->
            newLink(
                2,
                (listener, linkId) -> {
                  throw new UncheckedIOException(new IOException("no such file"));
                }));
    Await.noThread("daqstream-gateway dev");
  }
}
