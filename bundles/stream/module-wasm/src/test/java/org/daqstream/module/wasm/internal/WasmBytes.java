/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Modules that are too large for a text, section by section. */
final class WasmBytes {
  private static final int I32 = 0x7F;
  private static final int FUNCTION_TYPE = 0x60;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private WasmBytes() {}

  private WasmBytes put(int... some) {
    for (int each : some) {
      bytes.write(each);
    }
    return this;
  }

  private WasmBytes number(int value) {
    int rest = value;
    while (rest >= 0x80) {
      bytes.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return put(rest);
  }

  private WasmBytes text(String text) {
    return number(text.length()).add(text.getBytes(StandardCharsets.US_ASCII));
  }

  private WasmBytes add(byte[] some) {
    bytes.writeBytes(some);
    return this;
  }

  private WasmBytes section(int id, WasmBytes content) {
    byte[] inside = content.bytes.toByteArray();
    return put(id).number(inside.length).add(inside);
  }

  /** Header, and a type without parameters and one with a number as result. */
  private static WasmBytes begin() {
    return new WasmBytes()
        .put(0, 'a', 's', 'm', 1, 0, 0, 0)
        .section(1, new WasmBytes().put(2, FUNCTION_TYPE, 0, 0, FUNCTION_TYPE, 0, 1, I32));
  }

  /** Imports functions that there are not, so many. */
  static byte[] withImports(int count) {
    WasmBytes imports = new WasmBytes().number(count);
    for (int i = 0; i < count; i++) {
      imports.text("env").text("missing" + i).put(0, 0);
    }
    return begin().section(2, imports).bytes.toByteArray();
  }

  /** Has so many functions. */
  static byte[] withFunctions(int count) {
    WasmBytes types = new WasmBytes().number(count);
    WasmBytes code = new WasmBytes().number(count);
    for (int i = 0; i < count; i++) {
      types.put(1);
      code.put(4, 0, 0x41, 0, 0x0B);
    }
    return begin()
        .section(3, types)
        .section(5, new WasmBytes().put(1, 0, 1))
        .section(
            7, new WasmBytes().put(2).text("memory").put(2, 0).text("daqstream_init").put(0, 0))
        .section(10, code)
        .bytes
        .toByteArray();
  }

  /** Has a type of arrays, which may be as large as they like. */
  static byte[] withArrayType() {
    return new WasmBytes()
        .put(0, 'a', 's', 'm', 1, 0, 0, 0)
        .section(1, new WasmBytes().put(2, FUNCTION_TYPE, 0, 1, I32, 0x5E, I32, 1))
        .section(3, new WasmBytes().put(1, 0))
        .section(5, new WasmBytes().put(1, 0, 1))
        .section(
            7, new WasmBytes().put(2).text("memory").put(2, 0).text("daqstream_init").put(0, 0))
        .section(10, new WasmBytes().put(1, 4, 0, 0x41, 0, 0x0B))
        .bytes
        .toByteArray();
  }

  /** One function, {@code daqstream_init}, with so many locals and this body. */
  private static byte[] withInit(int locals, WasmBytes code) {
    WasmBytes body = new WasmBytes().put(1).number(locals).put(I32).add(code.bytes.toByteArray());
    byte[] inside = body.bytes.toByteArray();
    return begin()
        .section(3, new WasmBytes().put(1, 1))
        .section(5, new WasmBytes().put(1, 0, 1))
        .section(
            7, new WasmBytes().put(2).text("memory").put(2, 0).text("daqstream_init").put(0, 0))
        .section(10, new WasmBytes().put(1).number(inside.length).add(inside))
        .bytes
        .toByteArray();
  }

  /** Its start is an endless loop of so many additions: too many for a method of Java. */
  static byte[] withLargeLoop(int additions) {
    WasmBytes code = new WasmBytes().put(0x03, 0x40); // loop
    for (int i = 0; i < additions; i++) {
      code.put(0x20, 0, 0x41).number(1).put(0x6A, 0x21, 0); // local 0 is local 0 + 1
    }
    code.put(0x20, 0, 0x41, 1, 0x72, 0x0D, 0, 0x0B, 0x41, 0, 0x0B); // again, if local 0 | 1
    return withInit(1, code);
  }

  /** A function with so many locals. */
  static byte[] withLocals(int locals) {
    return withInit(locals, new WasmBytes().put(0x41, 0, 0x0B));
  }
}
