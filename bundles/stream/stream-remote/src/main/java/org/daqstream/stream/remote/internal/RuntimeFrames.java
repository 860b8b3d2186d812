/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.wire.support.FrameBuilder;
import org.daqstream.stream.wire.support.Wire;

/** The frames of the runtime, but for data. */
final class RuntimeFrames {
  /** A list of streams goes on in a frame of its own after so many bytes. */
  private static final int LIST_BYTES = 32 * 1024;

  /** A stream of the manifest; {@code isReady}: its transport is there. */
  record Listed(StreamDirection direction, boolean isReady, String name, String type) {}

  /** What an open came to. */
  record Opened(
      int stream,
      StreamResult result,
      int port,
      int windowMessages,
      int windowBytes,
      int messageBytes,
      String type,
      String reason) {}

  private RuntimeFrames() {}

  static ByteBuffer welcome(int messageBytes, int streams, int silenceMs, String name) {
    return new FrameBuilder(Wire.WELCOME)
        .u16(Wire.VERSION)
        .u16(0)
        .u32(messageBytes)
        .u32(streams)
        .u32(silenceMs)
        .text(name)
        .done();
  }

  static ByteBuffer refused(StreamResult result, String reason) {
    return new FrameBuilder(Wire.REFUSED).u8(result.number()).text(reason).done();
  }

  static ByteBuffer opened(Opened opened) {
    return new FrameBuilder(Wire.OPENED)
        .u32(opened.stream())
        .u8(opened.result().number())
        .u32(opened.port())
        .u32(opened.windowMessages())
        .u32(opened.windowBytes())
        .u32(opened.messageBytes())
        .text(opened.type())
        .text(opened.reason())
        .done();
  }

  static ByteBuffer taken(int stream, long messages, long bytes) {
    return new FrameBuilder(Wire.TAKEN).u32(stream).u32(messages).u64(bytes).done();
  }

  static ByteBuffer lost(
      int stream, StreamResult result, long messages, long bytes, String reason) {
    return new FrameBuilder(Wire.LOST)
        .u32(stream)
        .u8(result.number())
        .u32(messages)
        .u64(bytes)
        .text(reason)
        .done();
  }

  static ByteBuffer closed(int stream, CloseResult result) {
    return new FrameBuilder(Wire.CLOSED)
        .u32(stream)
        .u8(result.result().number())
        .u64(result.lostMessages())
        .u64(result.lostBytes())
        .done();
  }

  static ByteBuffer peer(int type, int stream, long peerId, String text) {
    return new FrameBuilder(type).u32(stream).u64(peerId).text(text).done();
  }

  static ByteBuffer ended(int stream, String cause) {
    return new FrameBuilder(Wire.ENDED).u32(stream).text(cause).done();
  }

  /** The first of some frames with the streams. */
  static ByteBuffer streams(List<Listed> streams, boolean more) {
    FrameBuilder frame = new FrameBuilder(Wire.STREAMS).u8(more ? 1 : 0).u16(streams.size());
    for (Listed stream : streams) {
      frame
          .u8(stream.direction() == StreamDirection.OUT ? 1 : 0)
          .u8(stream.isReady() ? 1 : 0)
          .text(stream.name())
          .text(stream.type());
    }
    return frame.done();
  }

  /** How many of the streams go into one frame. */
  static int fitting(List<Listed> streams) {
    int bytes = 0;
    int count = 0;
    while (count < streams.size() && bytes < LIST_BYTES) {
      Listed stream = streams.get(count++);
      bytes += 6 + 4 * (stream.name().length() + stream.type().length());
    }
    return count;
  }

  static ByteBuffer stop() {
    return new FrameBuilder(Wire.STOP).done();
  }

  static ByteBuffer ping(long bits) {
    return new FrameBuilder(Wire.PING).u64(bits).done();
  }
}
