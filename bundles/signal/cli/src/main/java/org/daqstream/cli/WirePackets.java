/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.TickTime;
import org.daqstream.protocol.DomainPair;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.LinearPacket;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketListener;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SampleReader;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.sample.support.ValueText;
import org.daqstream.signal.api.Rule;

/**
 * Tells what is in the packets of one direction, with what the descriptions before have said. One
 * thread.
 */
final class WirePackets implements PacketListener {
  /** Takes a packet. */
  interface Target {
    void packet(String text, Map<String, Object> facts);
  }

  private static final int HEX_BYTES = 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SIGNALS_LIMIT = 100_000;

  /** A numbered signal; its description comes later. */
  private static final class Numbered {
    final String signalId;
    final SampleSlices slices = new SampleSlices();
    ObjectNode document;
    RemoteSignal signal;
    boolean isLine;
    long row;

    Numbered(String signalId) {
      this.signalId = signalId;
    }
  }

  private final Target target;
  private final int textLimit;
  private final Map<Integer, Numbered> numbered = new HashMap<>();

  /**
   * Without any signals.
   *
   * @param textLimit characters of a message's content that are told at most
   */
  WirePackets(Target target, int textLimit) {
    this.target = target;
    this.textLimit = textLimit;
  }

  @Override
  public void packet(int signo, int type, ByteBuffer payload) {
    Map<String, Object> facts = new LinkedHashMap<>();
    boolean isData = type == PacketHeader.DATA;
    facts.put("signo", signo);
    facts.put("type", isData ? "data" : "metadata");
    facts.put("bytes", payload.remaining());
    String head = "packet %s %s %s B  ".formatted(signo, facts.get("type"), payload.remaining());
    String rest;
    try {
      rest = isData ? data(signo, payload, facts) : metadata(signo, payload, facts);
    } catch (ProtocolException | RuntimeException e) {
      rest = "unreadable: " + e.getMessage() + " " + hex(payload);
      facts.put("unreadable", String.valueOf(e.getMessage()));
    }
    target.packet((head + rest).strip(), facts);
  }

  private String metadata(int signo, ByteBuffer payload, Map<String, Object> facts)
      throws ProtocolException {
    Metadata message = MetadataCodec.decode(payload, Limits.DEFAULT);
    facts.put("method", message.method());
    String params = message.params().isMissingNode() ? "" : message.params().toString();
    if (!params.isEmpty()) {
      facts.put("params", MAPPER.convertValue(message.params(), Object.class));
    }
    switch (message.method()) {
      case Subscribe.METHOD -> {
        if (signo != 0 && numbered.size() < SIGNALS_LIMIT) {
          numbered.put(signo, new Numbered(Subscribe.parse(message.params()).signalId()));
        }
      }
      case SignalMessage.METHOD -> describe(signo, SignalMessage.parse(message.params()));
      case Unsubscribe.METHOD -> numbered.remove(signo);
      default -> {
        // told, and nothing else
      }
    }
    String id = numbered.containsKey(signo) ? numbered.get(signo).signalId + "  " : "";
    String cut = params.length() > textLimit ? params.substring(0, textLimit) + "…" : params;
    return (id + message.method() + " " + cut).strip();
  }

  private void describe(int signo, SignalMessage message) throws ProtocolException {
    Numbered signal = numbered.get(signo);
    if (signal == null) {
      return;
    }
    boolean isFirst = signal.document == null;
    signal.document =
        SignalDocument.merge(signal.signalId, signal.document, message.document(), Limits.DEFAULT);
    SignalDocument.Parsed parsed =
        SignalDocument.parse(
            signal.signalId,
            signal.document,
            id -> numbered.values().stream().anyMatch(each -> each.signalId.equals(id)));
    if (isFirst || parsed.valueIndex().isPresent()) {
      signal.row = parsed.valueIndex().orElse(0);
    }
    signal.isLine = parsed.isDomain() && parsed.descriptor().rule() instanceof Rule.Linear;
    signal.signal =
        new RemoteSignal(
            parsed.descriptor(),
            parsed.isDomain() ? parsed.descriptor() : null,
            parsed.tableId(),
            parsed.isDomain() ? TickTime.of(parsed.descriptor()) : null);
  }

  private String data(int signo, ByteBuffer payload, Map<String, Object> facts)
      throws ProtocolException {
    Numbered signal = numbered.get(signo);
    if (signal == null || signal.signal == null) {
      return "of nobody's signal: " + hex(payload);
    }
    facts.put("signalId", signal.signalId);
    String content;
    if (signal.isLine) {
      content = line(signal, LinearPacket.parse(payload), facts);
    } else if (signal.signal.descriptor().rule() instanceof Rule.Explicit) {
      content = samples(signal, payload, facts);
    } else {
      content = "constant " + hex(payload);
    }
    return signal.signalId + "  " + content;
  }

  private static String line(Numbered signal, LinearPacket packet, Map<String, Object> facts) {
    StringBuilder text = new StringBuilder();
    SampleTimes times = new SampleTimes(TimeForm.ISO);
    for (DomainPair pair : packet.pairs()) {
      String time = times.text(signal.signal, pair.tick());
      text.append("row " + pair.row() + " is at tick " + pair.tick() + ", " + time + "  ");
      facts.put("row", pair.row());
      facts.put("tick", pair.tick());
      facts.put("time", time);
    }
    if (packet.progressRow() != LinearPacket.NO_PROGRESS) {
      text.append("has come to row " + packet.progressRow());
      facts.put("progressRow", packet.progressRow());
    }
    return text.toString().strip();
  }

  private static String samples(Numbered signal, ByteBuffer payload, Map<String, Object> facts)
      throws ProtocolException {
    int count = SampleReader.of(signal.signal.descriptor()).count(payload);
    facts.put("row", signal.row);
    facts.put("samples", count);
    String text = "row " + signal.row + ", " + count + (count == 1 ? " sample" : " samples");
    signal.row += count;
    if (count == 0) {
      return text;
    }
    Object first = signal.slices.value(signal.signal, payload, 0);
    facts.put("first", first);
    text += ": " + ValueText.of(first);
    if (count > 1) {
      Object last = signal.slices.value(signal.signal, payload, count - 1);
      facts.put("last", last);
      text += (count > 2 ? " … " : ", ") + ValueText.of(last);
    }
    return text;
  }

  private static String hex(ByteBuffer payload) {
    byte[] bytes = new byte[Math.min(HEX_BYTES, payload.remaining())];
    payload.get(payload.position(), bytes);
    return HexFormat.of().formatHex(bytes) + (payload.remaining() > HEX_BYTES ? "…" : "");
  }
}
