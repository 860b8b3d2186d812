/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes the frames of one side of a connection apart (RFC 6455 section 5.2), masked or not. Frames
 * that fit into the buffer are passed on whole, where they are; larger ones in parts. One reader
 * serves one connection and one thread; it allocates views of the buffer only.
 *
 * <pre>{@code
 * | FIN RSV opcode: 8 | MASK length: 8 | length 16 or 64, big endian, if 126, 127 | key 32 if MASK | payload |
 * }</pre>
 */
public final class FrameReader {
  /** Takes what is in the frames, on the thread that reads. */
  public interface Target {
    /**
     * Takes bytes of a binary message.
     *
     * @param part bytes from position to limit, unmasked; valid during the call
     * @param startsMessage whether they are the first ones of a message
     */
    void message(ByteBuffer part, boolean startsMessage);

    /**
     * Takes a whole control frame.
     *
     * @param opcode {@link FrameHeader#CLOSE}, {@link FrameHeader#PING} or {@link FrameHeader#PONG}
     * @param payload bytes from position to limit, unmasked; valid during the call
     */
    void control(int opcode, ByteBuffer payload);
  }

  private static final int RESERVED = 0x70;
  private static final int CONTROL_LIMIT_BYTES = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int NONE = -1;

  private final Target target;

  /** Kind of the message whose last frame has not come. */
  private int messageOpcode = NONE;

  /** Whether the next byte is the first one of a message. */
  private boolean startsMessage;

  /** What has still to come of a frame that is passed on in parts, and how it is masked. */
  private long missingBytes;

  private boolean isMasked;
  private int maskKey;
  private boolean isFinal;

  /** The source, with a position and limit of its own. */
  private ByteBuffer part;

  private long messages;
  private long ignoredMessages;

  /**
   * A reader for one connection.
   *
   * @param target takes what is found
   */
  public FrameReader(Target target) {
    this.target = target;
  }

  /** Messages, text too. */
  public long messages() {
    return messages;
  }

  /** Text messages, which mean nothing. */
  public long ignoredMessages() {
    return ignoredMessages;
  }

  /**
   * Takes what can be taken from the position on; the rest is to be given again with more behind
   * it.
   *
   * @param source bytes from position to limit, of which masked ones are unmasked in place; a frame
   *     that is not whole is left in it if it fits into its capacity. Big endian from now on
   * @throws ProtocolException when it is no WebSocket: close with {@link CloseCode#PROTOCOL_ERROR}
   */
  public void read(ByteBuffer source) throws ProtocolException {
    source.order(ByteOrder.BIG_ENDIAN);
    part = source.duplicate();
    while (source.hasRemaining()) {
      if (missingBytes > 0) {
        pass(source, (int) Math.min(missingBytes, source.remaining()));
      } else if (!header(source)) {
        return;
      }
    }
  }

  /** Reads a header, and the payload when it is all there; false when more must come first. */
  private boolean header(ByteBuffer source) throws ProtocolException {
    int start = source.position();
    int available = source.remaining();
    if (available < 2) {
      return false;
    }
    int first = source.get(start);
    int second = source.get(start + 1);
    int shortLength = second & 0x7F;
    int lengthBytes = shortLength == LENGTH_16 ? 2 : shortLength == LENGTH_64 ? 8 : 0;
    boolean masked = second < 0;
    int headerBytes = 2 + lengthBytes + (masked ? FrameHeader.MASK_BYTES : 0);
    if (available < headerBytes) {
      return false;
    }
    long length =
        switch (lengthBytes) {
          case 2 -> Short.toUnsignedInt(source.getShort(start + 2));
          case 8 -> source.getLong(start + 2);
          default -> shortLength;
        };
    int opcode = first & 0x0F;
    check(first, opcode, length);
    boolean isControl = opcode >= FrameHeader.CLOSE;
    boolean isWhole = available - headerBytes >= length;
    // The sum could overflow: a server may say any length.
    boolean fits = length <= source.capacity() - headerBytes;
    if (!isWhole && (isControl || fits)) {
      return false;
    }
    isMasked = masked;
    maskKey = masked ? source.getInt(start + headerBytes - FrameHeader.MASK_BYTES) : 0;
    source.position(start + headerBytes);
    if (isControl) {
      control(source, opcode, (int) length);
    } else {
      begin(opcode, first < 0, length);
    }
    return true;
  }

  private void check(int first, int opcode, long length) throws ProtocolException {
    if ((first & RESERVED) != 0) {
      throw bad("a frame with reserved bits, though no extension was agreed on");
    }
    if (length < 0) {
      throw bad("a frame of a negative length");
    }
    switch (opcode) {
      case FrameHeader.CONTINUATION -> {
        if (messageOpcode == NONE) {
          throw bad("a continuation of no message");
        }
      }
      case FrameHeader.TEXT, FrameHeader.BINARY -> {
        if (messageOpcode != NONE) {
          throw bad("a message within another one");
        }
      }
      case FrameHeader.CLOSE, FrameHeader.PING, FrameHeader.PONG -> {
        if (length > CONTROL_LIMIT_BYTES || first >= 0) {
          throw bad("a control frame of " + length + " B, or in parts");
        }
      }
      default -> throw bad("a frame with opcode " + opcode);
    }
  }

  private static ProtocolException bad(String what) {
    return new ProtocolException(ProtocolException.Kind.BAD_MESSAGE, "the server sent " + what);
  }

  private void control(ByteBuffer source, int opcode, int length) {
    ByteBuffer payload = source.slice(source.position(), length);
    source.position(source.position() + length);
    if (isMasked) {
      FrameHeader.mask(payload, maskKey);
    }
    target.control(opcode, payload);
  }

  private void begin(int opcode, boolean isLast, long length) {
    if (opcode != FrameHeader.CONTINUATION) {
      messageOpcode = opcode;
      startsMessage = true;
      messages++;
      if (opcode == FrameHeader.TEXT) {
        ignoredMessages++;
      }
    }
    isFinal = isLast;
    missingBytes = length;
    if (length == 0 && isLast) {
      messageOpcode = NONE;
    }
  }

  private void pass(ByteBuffer source, int bytes) {
    if (messageOpcode == FrameHeader.BINARY) {
      part.limit(source.position() + bytes).position(source.position());
      if (isMasked) {
        FrameHeader.mask(part, maskKey);
        maskKey = Integer.rotateLeft(maskKey, Byte.SIZE * (bytes & 3));
      }
      target.message(part, startsMessage);
      startsMessage = false;
    }
    source.position(source.position() + bytes);
    missingBytes -= bytes;
    if (missingBytes == 0 && isFinal) {
      messageOpcode = NONE;
    }
  }
}
