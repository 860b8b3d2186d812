/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.protocol.FrameHeader;

/**
 * Takes one direction of a connection apart, whatever is in it: the head of the upgrade, then
 * frames (RFC 6455 section 5.2). One thread.
 */
final class WireFrames {
  /** Takes what is found. */
  interface Target {
    /** The head of a request or an answer, without the empty line behind it. */
    void head(String text);

    /** A frame begins. */
    void frame(String text, Map<String, Object> facts);

    /** Bytes of a binary message, unmasked; valid during the call. */
    void message(ByteBuffer part, boolean startsMessage);
  }

  private static final int HEAD_LIMIT_BYTES = 16 << 10;
  private static final int HEADER_BYTES_MAX = 14;
  private static final int CONTROL_LIMIT_BYTES = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final String HEAD_END = "\r\n\r\n";

  private final Target target;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES_MAX);
  private boolean isUpgraded;
  private int opcode;
  private int messageOpcode;
  private boolean isFinal;
  private boolean startsMessage;
  private long frameBytes;
  private long missingBytes = -1; // of the frame; -1: in the header
  private int maskKey;
  private boolean isMasked;
  private final ByteArrayOutputStream words = new ByteArrayOutputStream();

  WireFrames(Target target) {
    this.target = target;
  }

  /** Takes the next bytes. */
  void read(ByteBuffer bytes) {
    ByteBuffer source = bytes.duplicate();
    while (source.hasRemaining() && !isUpgraded) {
      head.write(source.get());
      String text = head.toString(ISO_8859_1);
      if (text.endsWith(HEAD_END) || head.size() >= HEAD_LIMIT_BYTES) {
        isUpgraded = true;
        target.head(text.strip());
      }
    }
    while (source.hasRemaining() || missingBytes == 0) {
      if (missingBytes < 0) {
        header.put(source.get());
        readHeader();
      } else {
        readPayload(source);
      }
    }
  }

  /** Looks whether the header is complete. */
  private void readHeader() {
    int have = header.position();
    if (have < 2) {
      return;
    }
    int second = header.get(1);
    int shortLength = second & 0x7F;
    int lengthBytes = shortLength == LENGTH_16 ? 2 : shortLength == LENGTH_64 ? 8 : 0;
    isMasked = second < 0;
    int wanted = 2 + lengthBytes + (isMasked ? FrameHeader.MASK_BYTES : 0);
    if (have < wanted) {
      return;
    }
    header.order(ByteOrder.BIG_ENDIAN);
    frameBytes =
        switch (lengthBytes) {
          case 2 -> Short.toUnsignedInt(header.getShort(2));
          case 8 -> Math.max(0, header.getLong(2));
          default -> shortLength;
        };
    maskKey = isMasked ? header.getInt(wanted - FrameHeader.MASK_BYTES) : 0;
    isFinal = header.get(0) < 0;
    opcode = header.get(0) & 0x0F;
    header.clear();
    missingBytes = frameBytes;
    if (opcode == FrameHeader.TEXT || opcode == FrameHeader.BINARY) {
      messageOpcode = opcode;
      startsMessage = true;
    }
    if (isData()) {
      tell("");
    }
  }

  private boolean isData() {
    return opcode < FrameHeader.CLOSE;
  }

  private void readPayload(ByteBuffer source) {
    int count = (int) Math.min(missingBytes, source.remaining());
    ByteBuffer part = ByteBuffer.allocate(count);
    part.put(source.slice(source.position(), count)).flip();
    source.position(source.position() + count);
    missingBytes -= count;
    if (isMasked) {
      FrameHeader.mask(part, maskKey);
      maskKey = Integer.rotateLeft(maskKey, Byte.SIZE * (count & 3));
    }
    if (!isData()) {
      words.write(part.array(), 0, Math.min(count, CONTROL_LIMIT_BYTES));
    } else if (messageOpcode == FrameHeader.BINARY && count > 0) {
      target.message(part, startsMessage);
      startsMessage = false;
    }
    if (missingBytes == 0) {
      if (!isData()) {
        tell(control(words.toByteArray()));
        words.reset();
      }
      missingBytes = -1;
    }
  }

  private String control(byte[] payload) {
    if (opcode == FrameHeader.CLOSE && payload.length >= 2) {
      int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
      return (code + " " + new String(payload, 2, payload.length - 2, UTF_8)).strip();
    }
    return HexFormat.of().formatHex(payload);
  }

  private void tell(String content) {
    String kind =
        switch (opcode) {
          case FrameHeader.CONTINUATION -> "continuation";
          case FrameHeader.TEXT -> "text";
          case FrameHeader.BINARY -> "binary";
          case FrameHeader.CLOSE -> "close";
          case FrameHeader.PING -> "ping";
          case FrameHeader.PONG -> "pong";
          default -> "opcode " + opcode;
        };
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("opcode", kind);
    facts.put("fin", isFinal);
    facts.put("masked", isMasked);
    facts.put("bytes", frameBytes);
    if (!isData()) {
      facts.put("content", content);
    }
    String text =
        "frame %s%s%s %s B %s"
            .formatted(kind, isFinal ? " fin" : "", isMasked ? " masked" : "", frameBytes, content);
    target.frame(text.strip(), facts);
  }
}
