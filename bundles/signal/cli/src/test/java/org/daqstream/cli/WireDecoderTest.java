/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Subscribe;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

public class WireDecoderTest {
  private static final String HEAD =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  private void frame(byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(payload.length) + payload.length);
    FrameHeader.putBinary(frame, payload.length);
    wire.writeBytes(frame.put(payload).array());
  }

  private static byte[] data(int signo, ByteBuffer payload) {
    int length = payload.rewind().remaining();
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(length) + length).order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, signo, PacketHeader.DATA, length);
    return packet.put(payload).array();
  }

  private static List<String> texts(WireDecoder decoder) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    for (WireEvent each = decoder.poll(0); each != null; each = decoder.poll(0)) {
      texts.add((each.isIncoming() ? "< " : "> ") + (each.isInner() ? "  " : "") + each.text());
    }
    return texts;
  }

  /** However the bytes are cut. */
  private List<String> received(int pieceBytes) throws InterruptedException {
    WireDecoder decoder = new WireDecoder(60);
    ByteBuffer all = ByteBuffer.wrap(wire.toByteArray());
    while (all.hasRemaining()) {
      int count = Math.min(pieceBytes, all.remaining());
      decoder.received(all.slice(all.position(), count));
      all.position(all.position() + count);
    }
    return texts(decoder);
  }

  @Test
  public void everyFrameAndPacketIsTold() throws InterruptedException {
    wire.writeBytes(HEAD.getBytes(US_ASCII));
    frame(MetadataCodec.packet(0, new Available(List.of("a")).toMetadata()));
    SignalDescriptor time = SignalDescriptor.linearTime("t", 1000);
    SignalDescriptor value = SignalDescriptor.value("a", DataTypes.REAL64).build();
    for (SignalDescriptor each : List.of(time, value)) {
      int signo = each.signalId().equals("t") ? 1 : 2;
      frame(MetadataCodec.packet(signo, new Subscribe(each.signalId()).toMetadata()));
      SignalMessage message =
          new SignalMessage(SignalDocument.of(each, Map.of(), "t", 7, PeerProfile.FULL));
      frame(MetadataCodec.packet(signo, message.toMetadata()));
    }
    frame(data(1, RemoteSignals.bytes(16).putLong(7).putLong(1_000_000_000)));
    frame(data(2, RemoteSignals.bytes(24).putDouble(0.5).putDouble(1).putDouble(1.5)));
    frame(data(9, RemoteSignals.bytes(4).putInt(1)));
    List<String> expected = received(Integer.MAX_VALUE);
    assertEquals("< HTTP/1.1 101 Switching Protocols  and 1 header lines", expected.get(0));
    assertEquals("<   packet 0 metadata 43 B  available {\"signalIds\":[\"a\"]}", expected.get(2));
    assertEquals(
        List.of(
            "< frame binary fin 20 B",
            "<   packet 1 data 16 B  t  row 7 is at tick 1000000000, 1970-01-01T00:00:01.000000000Z",
            "< frame binary fin 28 B",
            "<   packet 2 data 24 B  a  row 7, 3 samples: 0.5 … 1.5",
            "< frame binary fin 8 B",
            "<   packet 9 data 4 B  of nobody's signal: 01000000"),
        expected.subList(expected.size() - 6, expected.size()));
    assertEquals(expected, received(1));
    assertEquals(expected, received(7));
  }

  @Test
  public void controlFramesAndMaskedOnesAreReadable() throws InterruptedException {
    WireDecoder decoder = new WireDecoder(60);
    decoder.sent(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII)));
    byte[] payload = MetadataCodec.packet(0, new Available(List.of("b")).toMetadata());
    ByteBuffer frame = ByteBuffer.allocate(64);
    FrameHeader.putMasked(frame, FrameHeader.BINARY, ByteBuffer.wrap(payload), 0x12345678);
    FrameHeader.put(frame, FrameHeader.CLOSE, 5);
    frame.put(new byte[] {0x03, (byte) 0xE8, 'b', 'y', 'e'});
    FrameHeader.put(frame, FrameHeader.PING, 0);
    decoder.sent(frame.flip());
    List<String> texts = texts(decoder);
    assertEquals("> GET / HTTP/1.1  and 1 header lines", texts.get(0));
    assertEquals("> frame binary fin masked " + payload.length + " B", texts.get(1));
    assertEquals(">   packet 0 metadata 43 B  available {\"signalIds\":[\"b\"]}", texts.get(2));
    assertEquals("> frame close fin 5 B 1000 bye", texts.get(3));
    assertEquals("> frame ping fin 0 B", texts.get(4));
  }
}
