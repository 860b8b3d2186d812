/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.runtime.Memory;
import java.nio.charset.StandardCharsets;
import org.daqstream.base.support.ForeignText;
import org.daqstream.stream.api.StreamResult;

/** Pointers and lengths from a module, each checked; one that is wrong ends the module. */
record ModuleMemory(Memory memory) {
  private static final int NAME_LIMIT_BYTES = 1024;
  private static final int LINE_LIMIT_BYTES = 2048;

  /** Where that is, if all of it is in the memory. */
  int place(long pointer, long length) {
    long from = pointer & 0xFFFF_FFFFL;
    long bytes = length & 0xFFFF_FFFFL;
    long size = (long) memory.pages() * Memory.PAGE_SIZE;
    if (from + bytes > size) {
      throw new HostTrap(
          "pointer %d with length %d is outside of the memory of %d bytes"
              .formatted(from, bytes, size));
    }
    return (int) from;
  }

  /** A copy. */
  byte[] bytes(long pointer, long length) {
    int from = place(pointer, length);
    return memory.readBytes(from, (int) length);
  }

  /** A name; one that is too long is none of anything. */
  String name(long pointer, long length) {
    int from = place(pointer, length);
    return text(from, length, NAME_LIMIT_BYTES);
  }

  /** A text with a zero behind it, of so many characters at most. */
  String zeroEnded(long pointer, int limit) {
    StringBuilder text = new StringBuilder();
    while (text.length() < limit) {
      char next = (char) Byte.toUnsignedInt(memory.read(place(pointer + text.length(), 1)));
      if (next == 0) {
        break;
      }
      text.append(next);
    }
    return ForeignText.plain(text.toString());
  }

  /** As much of a line as is said. */
  String line(long pointer, long length) {
    int from = place(pointer, length);
    return text(from, length, LINE_LIMIT_BYTES);
  }

  private String text(int from, long length, int limit) {
    int bytes = (int) Math.min(length & 0xFFFF_FFFFL, limit);
    return new String(memory.readBytes(from, bytes), StandardCharsets.UTF_8);
  }

  /** Puts as much of a text there as there is room; its length, or INVAL if there is no text. */
  long text(String text, long pointer, long capacity) {
    int to = place(pointer, capacity);
    if (text == null) {
      return ModuleSide.refusal(StreamResult.INVAL);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    memory.write(to, bytes, 0, (int) Math.min(bytes.length, capacity & 0xFFFF_FFFFL));
    return bytes.length;
  }
}
