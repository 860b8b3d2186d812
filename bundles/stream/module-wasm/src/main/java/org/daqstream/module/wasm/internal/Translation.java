/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.CodeSection;
import com.dylibso.chicory.wasm.types.FunctionBody;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module as methods of Java. Functions that are too large for a method are interpreted.
 *
 * @param module what it is of, without instructions that nobody needs any more
 */
record Translation(Function<Instance, Machine> machines, WasmModule module) {
  private static final Logger LOG = LoggerFactory.getLogger(Translation.class);

  /** Keeps the instructions only where some are to be interpreted: they take fifty times a file. */
  static Translation of(WasmModule parsed) {
    try {
      if (translate(parsed, InterpreterFallback.FAIL) instanceof CompiledModule whole) {
        return new Translation(whole.machineFactory(), withoutCode(parsed));
      }
    } catch (ChicoryException e) {
      LOG.debug("functions are interpreted: {}", e.getMessage());
    }
    return new Translation(translate(parsed, InterpreterFallback.SILENT), parsed);
  }

  private static Function<Instance, Machine> translate(
      WasmModule parsed, InterpreterFallback fallback) {
    return MachineFactoryCompiler.builder(parsed).withInterpreterFallback(fallback).compile();
  }

  private static WasmModule withoutCode(WasmModule parsed) {
    CodeSection.Builder code = CodeSection.builder();
    for (FunctionBody each : parsed.codeSection().functionBodies()) {
      code.addFunctionBody(new FunctionBody(each.localTypes(), List.of()));
    }
    WasmModule.Builder stripped =
        WasmModule.builder()
            .setTypeSection(parsed.typeSection())
            .setImportSection(parsed.importSection())
            .setFunctionSection(parsed.functionSection())
            .setTableSection(parsed.tableSection())
            .setGlobalSection(parsed.globalSection())
            .setExportSection(parsed.exportSection())
            .setElementSection(parsed.elementSection())
            .setDataSection(parsed.dataSection())
            .setCodeSection(code.build())
            .withValidation(false); // it was, with its code
    parsed.memorySection().ifPresent(stripped::setMemorySection);
    parsed.startSection().ifPresent(stripped::setStartSection);
    parsed.dataCountSection().ifPresent(stripped::setDataCountSection);
    return stripped.build();
  }
}
