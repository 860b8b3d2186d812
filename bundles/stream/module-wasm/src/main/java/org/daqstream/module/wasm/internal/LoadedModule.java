/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.Map;
import java.util.function.Function;

/**
 * The code of a file, checked and translated.
 *
 * @param functions that it exports, by name
 */
record LoadedModule(Translation translation, Map<String, FunctionType> functions) {
  /** The largest file: while it is read its instructions take about a hundred times that. */
  static final int FILE_LIMIT_BYTES = 4 << 20;

  /**
   * Reads, checks and translates a file; takes a moment.
   *
   * @throws ModuleFailure when it cannot be used
   */
  static LoadedModule of(byte[] file) throws ModuleFailure {
    try {
      WasmModule parsed = Parser.parse(file);
      Map<String, FunctionType> functions = new ModuleCheck(parsed).check();
      return new LoadedModule(Translation.of(parsed), functions);
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      throw new ModuleFailure("it is no WebAssembly that can be used: " + Reason.of(e));
    }
  }

  WasmModule module() {
    return translation.module();
  }

  Function<Instance, Machine> machines() {
    return translation.machines();
  }

  /** Whether it is a data type, and no module with streams. */
  boolean isWriter() {
    return functions.containsKey(ModuleExport.ENCODE.exported());
  }

  /** Pages of memory that it has at first. */
  int firstPages() {
    return limits().initialPages();
  }

  /** Pages that it may have by itself. */
  int mostPages() {
    return limits().maximumPages();
  }

  private MemoryLimits limits() {
    return module().memorySection().orElseThrow().getMemory(0).limits();
  }
}
