/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;

/** Packets and frames of a server, as bytes. */
final class Packets {
  static final int FIN = 0x80;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .configure(JsonParser.Feature.ALLOW_SINGLE_QUOTES, true)
          .configure(JsonParser.Feature.ALLOW_UNQUOTED_FIELD_NAMES, true);

  private Packets() {}

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A metadata packet; parameters with single quotes and names without. */
  static byte[] metadata(int signo, String method, String params) {
    return MetadataCodec.packet(signo, new Metadata(method, json(params)));
  }

  static byte[] data(int signo, byte[] payload) {
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(payload.length) + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, signo, PacketHeader.DATA, payload.length);
    return packet.put(payload).array();
  }

  static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long each : values) {
      bytes.putLong(each);
    }
    return bytes.array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int each : values) {
      bytes.putInt(each);
    }
    return bytes.array();
  }

  static byte[] doubles(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double each : values) {
      bytes.putDouble(each);
    }
    return bytes.array();
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      all.writeBytes(each);
    }
    return all.toByteArray();
  }

  /** An unmasked frame of a binary message that is whole. */
  static byte[] binary(byte[] payload) {
    return frame(FIN | FrameHeader.BINARY, payload);
  }

  /** An unmasked frame with its first byte as told. */
  static byte[] frame(int firstByte, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(payload.length) + payload.length);
    FrameHeader.put(frame, FrameHeader.BINARY, payload.length);
    return frame.put(payload).put(0, (byte) firstByte).array();
  }
}
