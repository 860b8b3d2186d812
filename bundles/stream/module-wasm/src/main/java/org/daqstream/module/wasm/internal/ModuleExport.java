/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static com.dylibso.chicory.wasm.types.ValType.I32;
import static com.dylibso.chicory.wasm.types.ValType.I64;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The functions that a module may have, which the host calls. */
@SuppressWarnings("ImmutableEnumChecker") // the types are
enum ModuleExport {
  /** Of the linker, before anything else: constructors. */
  INITIALIZE("_initialize", List.of()),
  /** Opens streams; any other result than 0 ends the instance. */
  INIT("daqstream_init", List.of(I32)),
  /** Gives room for so many bytes, or 0. */
  BUFFER("daqstream_buffer", List.of(I32), I32),
  /** Stream, peer, place and length of a message. */
  DATA("daqstream_data", List.of(), I32, I64, I32, I32),
  /** Stream, peer, place and length of its address. */
  PEER_UP("daqstream_peer_up", List.of(), I32, I64, I32, I32),
  /** Stream, peer, place and length of the cause. */
  PEER_DOWN("daqstream_peer_down", List.of(), I32, I64, I32, I32),
  /** Stream, place and length of the cause. */
  ENDED("daqstream_ended", List.of(), I32, I32, I32),
  /** The time that it asked for has come. */
  TIMER("daqstream_timer", List.of()),
  /** Of a writer: the place of the name of the data type that clients get, a zero behind it. */
  ENCODED_TYPE("daqstream_encoded_type", List.of(I32)),
  /** Of a writer: place of samples, their number, place for what they become; gives 0. */
  ENCODE("daqstream_encode", List.of(I32), I32, I32, I32),
  /** The instance ends, or newer code takes over. */
  STOP("daqstream_stop", List.of());

  /** The name of its memory. */
  static final String MEMORY = "memory";

  private static final String PREFIX = "daqstream_";

  private final String exported;
  private final FunctionType type;

  /** One without parameters, or with a result alone. */
  ModuleExport(String exported, List<ValType> results) {
    this(exported, results, new ValType[0]);
  }

  ModuleExport(String exported, List<ValType> results, ValType... parameters) {
    this.exported = exported;
    this.type = FunctionType.of(List.of(parameters), results);
  }

  String exported() {
    return exported;
  }

  /** Refuses functions that are for the host and cannot be called by it. */
  static void check(Map<String, FunctionType> functions) throws ModuleFailure {
    for (ModuleExport each : values()) {
      FunctionType found = functions.get(each.exported);
      if (found != null && !found.equals(each.type)) {
        throw new ModuleFailure("its function " + each.exported + " has the wrong parameters");
      }
    }
    for (String name : functions.keySet()) {
      if (name.startsWith(PREFIX)
          && Arrays.stream(values()).noneMatch(e -> e.exported.equals(name))) {
        throw new ModuleFailure("its function " + name + " is none that the host would call");
      }
    }
    require(functions, INIT);
    if (functions.containsKey(DATA.exported) || functions.containsKey(ENCODE.exported)) {
      require(functions, BUFFER);
    }
    if (functions.containsKey(ENCODE.exported)) {
      require(functions, ENCODED_TYPE);
    }
  }

  private static void require(Map<String, FunctionType> functions, ModuleExport export)
      throws ModuleFailure {
    if (!functions.containsKey(export.exported)) {
      throw new ModuleFailure("it has no function " + export.exported);
    }
  }
}
