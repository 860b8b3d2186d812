/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** What is kept of contracts that a device does not know, as long as its connection lasts. */
public class RefusedContractsTest {
  private static final int MANY = 50;

  private final AcceptedSession session =
      new AcceptedSession(
          DeviceAddress.parse("127.0.0.1"),
          1 << 20,
          1000,
          this::command,
          new ConnectionListener() {});
  private final ClientEngine engine = session.engine();

  @After
  public void close() {
    session.closed("the end");
    engine.close();
  }

  private void tell(int signo, Metadata message) {
    byte[] packet = MetadataCodec.packet(signo, message);
    new PacketReader(Limits.DEFAULT, session::packet).readMessage(ByteBuffer.wrap(packet));
  }

  /** A device that knows signal v only. */
  private boolean command(byte[] packet) {
    new PacketReader(Limits.DEFAULT, (signo, type, payload) -> answer(payload))
        .readMessage(ByteBuffer.wrap(packet));
    return true;
  }

  private void answer(ByteBuffer command) {
    CommandRequest request;
    try {
      request = CommandRequest.parse(MetadataCodec.decode(command, Limits.DEFAULT).params());
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
    List<Boolean> known = request.signalIds().stream().map("v"::equals).toList();
    if (known.contains(true)) {
      boolean subscribes = request.method().endsWith("." + CommandRequest.SUBSCRIBE);
      tell(1, subscribes ? new Subscribe("v").toMetadata() : new Unsubscribe("v").toMetadata());
    }
    tell(0, CommandResponse.results(request.id(), known).toMetadata());
  }

  @Test
  public void whatNobodyWantsIsForgotten() {
    tell(0, ApiVersion.V1_2_0.toMetadata());
    tell(0, new Init("s", new CommandInterfaces(List.of(CommandInterface.inBand()))).toMetadata());
    Feed plain = feed();
    Demand demand = engine.subscribe("v", "", plain);
    for (int i = 1; i <= MANY; i++) {
      String contract = "contract=latest&perSecond=" + i;
      Feed feed = feed();
      Demand rider = engine.subscribe("v", contract, feed);
      Await.until("it rides", () -> isServedBy("v", rider));
      engine.unsubscribe(rider, feed, "enough");
    }
    Await.until("only the plain one is left", () -> engine.demands() == 1);
    assertEquals(demand, engine.target("v"));
    engine.unsubscribe(demand, plain, "enough");
    Await.until("none is left", () -> engine.demands() == 0);
  }

  private boolean isServedBy(String signalId, Demand rider) {
    return engine.target(signalId) instanceof DemandGroup group && group.demands().contains(rider);
  }

  private static Feed feed() {
    return new Feed(block -> {}, null, fault -> {});
  }
}
