/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertFalse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.daqstream.client.AcceptedConnection;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.Supported;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.testing.Await;
import org.junit.After;

/** What this side publishes, and the session of the other side, without a socket between. */
abstract class OwnSignalsBench {
  static final SignalDescriptor TIME = SignalDescriptor.linearTime("t", 10);
  static final SignalDescriptor EVENTS = SignalDescriptor.explicitTime("e");
  static final CommandInterfaces IN_BAND = CommandInterfaces.inBandAndHttp(7438, "/");

  final List<String> problems = new ArrayList<>();
  final OwnSignals signals = new OwnSignals(problems::add);
  final Wire wire = new Wire();
  AcceptedConnection taker;

  /** Takes packets one at a time, and loses data when told to. */
  final class Wire implements PacketOutput {
    final List<byte[]> packets = new ArrayList<>();
    boolean isFull;
    boolean isAborted;
    private final PacketReader reader =
        new PacketReader(
            Limits.DEFAULT,
            (signo, type, payload) -> {
              if (taker != null) {
                taker.packet(signo, type, payload);
              }
            });

    @Override
    public synchronized boolean message(byte[] packet) {
      packets.add(packet);
      reader.readMessage(ByteBuffer.wrap(packet));
      return true;
    }

    @Override
    public synchronized boolean data(Iterable<ByteBuffer> all) {
      if (isFull) {
        return false;
      }
      for (ByteBuffer each : all) {
        byte[] bytes = new byte[each.remaining()];
        each.duplicate().get(bytes);
        message(bytes);
      }
      return true;
    }

    @Override
    public void abort() {
      isAborted = true;
    }

    synchronized List<String> told() {
      List<String> told = packets.stream().map(HexFormat.of()::formatHex).toList();
      packets.clear();
      return told;
    }
  }

  @After
  public void close() {
    assertFalse(wire.isAborted);
    if (taker != null) {
      taker.close();
    }
  }

  /** The other side is ours, or a stock one. */
  void connect(boolean isOurs) {
    taker =
        new AcceptedConnection(
            DeviceAddress.parse("127.0.0.1"),
            1 << 20,
            1000,
            this::command,
            new ConnectionListener() {});
    Supported supported = isOurs ? Supported.signals(65_536) : Supported.NOTHING;
    signals.opened(wire, ApiVersion.V2_0_0, new Init("server", IN_BAND, supported));
  }

  boolean command(byte[] packet) {
    new PacketReader(
            Limits.DEFAULT,
            (signo, type, payload) -> {
              try {
                Metadata message = MetadataCodec.decode(payload, Limits.DEFAULT);
                signals.asked(CommandRequest.parse(message.params()));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
        .readMessage(ByteBuffer.wrap(packet));
    return true;
  }

  SampleNotes subscribe(String signalId) {
    SampleNotes listener = new SampleNotes();
    taker.client().subscribe(signalId, SubscriptionOptions.DEFAULT.direct(), listener);
    Await.until(signalId + " is described", () -> listener.signal != null);
    return listener;
  }

  SignalTap open(TableTap table, SignalDescriptor value) throws Exception {
    return table.openSignal(value, new OwnWriters().create(value));
  }

  static SignalDescriptor value(String id, String type) {
    return SignalDescriptor.value(id, type).build();
  }
}
