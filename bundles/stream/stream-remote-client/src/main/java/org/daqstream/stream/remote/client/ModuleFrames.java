/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.wire.support.FrameBuilder;
import org.daqstream.stream.wire.support.Wire;

/** The frames of a module, but for messages. */
final class ModuleFrames {
  private ModuleFrames() {}

  static ByteBuffer hello(
      long processId, int events, int eventBytes, String instance, String token, String program) {
    return new FrameBuilder(Wire.HELLO)
        .u32(Wire.MAGIC)
        .u16(Wire.VERSION)
        .u16(0)
        .u32(processId)
        .u32(events)
        .u32(eventBytes)
        .text(instance)
        .text(token)
        .text(program)
        .done();
  }

  static ByteBuffer open(int stream, StreamDirection direction, boolean news, String name) {
    return new FrameBuilder(Wire.OPEN)
        .u32(stream)
        .u8(direction == StreamDirection.OUT ? 1 : 0)
        .u8(news ? 1 : 0)
        .text(name)
        .done();
  }

  static ByteBuffer close(int stream, long flushMs) {
    return new FrameBuilder(Wire.CLOSE).u32(stream).u32(flushMs).done();
  }

  static ByteBuffer credit(long events, long bytes) {
    return new FrameBuilder(Wire.CREDIT).u32(events).u64(bytes).done();
  }

  static ByteBuffer pong(long bits) {
    return new FrameBuilder(Wire.PONG).u64(bits).done();
  }
}
