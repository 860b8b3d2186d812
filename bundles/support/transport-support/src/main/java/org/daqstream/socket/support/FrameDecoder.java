/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.daqstream.socket.support.MessageBuffers.Message;
import org.daqstream.transport.support.Framing;

/**
 * From the bytes of one connection to its messages, wherever the reads have cut them. An announced
 * length costs no memory: that grows as the bytes come. Not thread-safe.
 */
final class FrameDecoder {
  @FunctionalInterface
  interface Receiver {
    /**
     * A message is complete; its memory belongs to the receiver.
     *
     * @param release to be run when it is not needed any more; or null
     * @param more whether the next one is complete, too, and follows at once
     */
    void message(ByteBuffer message, Runnable release, boolean more);
  }

  /** Memory in use for unfinished messages, of all connections of one input. */
  static final class Partials {
    private final long limitBytes;
    private long bytes;

    Partials(long limitBytes) {
      this.limitBytes = limitBytes;
    }

    private void use(long more) throws ProtocolException {
      if (bytes + more > limitBytes) {
        throw new ProtocolException("unfinished messages need more than " + limitBytes + " bytes");
      }
      bytes += more;
    }

    private void free(long less) {
      bytes -= less;
    }
  }

  private static final int FIRST_BYTES = 64 * 1024;
  private static final int GROWTH = 4;
  private static final int WORTH_A_READ = 16 * 1024;

  private final Framing framing;
  private final long maxMessageBytes;
  private final MessageBuffers buffers;
  private final Partials partials;
  private final int headerBytes;

  private int headerCount;
  private long length; // the announced one, as far as it has come
  private Message message; // null while a header is read
  private long partialBytes;

  FrameDecoder(Framing framing, long maxMessageBytes, MessageBuffers buffers, Partials partials) {
    this.framing = framing;
    this.maxMessageBytes = maxMessageBytes;
    this.buffers = buffers;
    this.partials = partials;
    this.headerBytes = framing.headerBytes();
  }

  /**
   * Takes all bytes of a buffer.
   *
   * @param lender whose bytes these are, when messages may stay there; else null
   * @throws ProtocolException at the first wrong byte; the connection is of no use any more
   */
  void decode(ByteBuffer in, ReadChunks.Chunk lender, Receiver receiver) throws ProtocolException {
    while (true) {
      if (message == null) {
        if (!readHeader(in)) {
          return;
        }
        if (lender != null && length <= in.remaining()) {
          lend(in, lender, receiver);
          continue;
        }
        begin(in.remaining());
      }
      transfer(in, message.bytes());
      if (message.bytes().hasRemaining()) {
        return;
      }
      next(in, receiver);
    }
  }

  private void lend(ByteBuffer in, ReadChunks.Chunk lender, Receiver receiver) {
    int count = (int) length;
    ByteBuffer lent = lender.lend(in.position(), count);
    in.position(in.position() + count);
    length = 0;
    receiver.message(lent, lender.release, isWhole(in));
  }

  /** Whether a whole message comes next. */
  private boolean isWhole(ByteBuffer in) {
    int bodyBytes = in.remaining() - headerBytes;
    int at = in.position();
    if (bodyBytes < 0 || (framing.type() >= 0 && in.get(at) != framing.type())) {
      return false;
    }
    long announced = framing.length(in, at + framing.typeBytes());
    return announced >= 0 && announced <= bodyBytes && announced <= maxMessageBytes;
  }

  /**
   * Where to read the next bytes to without a detour, before {@link #restRead} and {@link #decode};
   * null when that is not worth while.
   */
  ByteBuffer restOfMessage() {
    if (message == null || !message.bytes().isDirect() || message.bytes().limit() < WORTH_A_READ) {
      return null;
    }
    return message.bytes();
  }

  /** The rest of the message was read, or some of it, and some bytes behind it. */
  void restRead(ByteBuffer behind, Receiver receiver) throws ProtocolException {
    if (!message.bytes().hasRemaining()) {
      next(behind, receiver);
    }
  }

  private boolean readHeader(ByteBuffer in) throws ProtocolException {
    while (headerCount < headerBytes && in.hasRemaining()) {
      if (headerCount < framing.typeBytes()) {
        checkType(in.get());
        headerCount++;
      } else if (headerCount == framing.typeBytes() && in.remaining() >= framing.lengthBytes()) {
        length = framing.length(in, in.position());
        in.position(in.position() + framing.lengthBytes());
        headerCount = headerBytes;
      } else {
        length = length << Byte.SIZE | Byte.toUnsignedLong(in.get());
        headerCount++;
      }
    }
    if (headerCount < headerBytes) {
      return false;
    }
    if (length < 0 || length > maxMessageBytes) {
      throw new ProtocolException(
          "message of %s bytes announced, allowed are %s"
              .formatted(Long.toUnsignedString(length), maxMessageBytes));
    }
    headerCount = 0;
    return true;
  }

  private void checkType(byte type) throws ProtocolException {
    if (type != framing.type()) {
      throw new ProtocolException("frame of unknown type " + type);
    }
  }

  private void begin(int available) throws ProtocolException {
    int first = (int) Math.min(length, Math.max(available, FIRST_BYTES));
    if (available < length) {
      use(first);
    }
    message = buffers.take(first);
  }

  private void use(int bytes) throws ProtocolException {
    partials.use(bytes);
    partialBytes += bytes;
  }

  private static void transfer(ByteBuffer from, ByteBuffer to) {
    int limit = from.limit();
    from.limit(from.position() + Math.min(from.remaining(), to.remaining()));
    to.put(from);
    from.limit(limit);
  }

  /** The memory is full: hands it over, or more is needed. */
  private void next(ByteBuffer in, Receiver receiver) throws ProtocolException {
    Message full = message;
    if (full.bytes().limit() == length) {
      forget();
      full.bytes().flip();
      receiver.message(full.bytes(), full.release(), isWhole(in));
      return;
    }
    int larger = (int) Math.min(length, (long) GROWTH * full.bytes().limit());
    use(larger - full.bytes().limit());
    message = buffers.take(larger);
    message.bytes().put(full.bytes().flip());
    if (full.release() != null) {
      full.release().run();
    }
  }

  private void forget() {
    partials.free(partialBytes);
    partialBytes = 0;
    message = null;
    length = 0;
  }

  /**
   * The connection is gone; gives the bytes of an unfinished message, without its header, or -1.
   */
  long close() {
    if (message == null) {
      return headerCount > 0 ? 0 : -1;
    }
    Message unfinished = message;
    forget();
    if (unfinished.release() != null) {
      unfinished.release().run();
    }
    return unfinished.bytes().position();
  }
}
