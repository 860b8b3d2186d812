/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExportSection;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemorySection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Refuses modules that ask for what the host does not give, or have something whose memory or time
 * the host could not bound.
 */
record ModuleCheck(WasmModule parsed) {
  /** Names in messages. */
  private static final int NAMES_SAID = 3;

  /** So that a file is translated in a few seconds. */
  private static final int FUNCTIONS_LIMIT = 10_000;

  /** Of a function, parameters included: an interpreted call keeps them on the heap. */
  private static final int LOCALS_LIMIT = 2_000;

  /** Entries of all tables at first, and of one that grows. */
  static final int TABLE_LIMIT = 100_000;

  /**
   * All checks.
   *
   * @return the functions that it exports, by name
   */
  Map<String, FunctionType> check() throws ModuleFailure {
    checkImports();
    Map<String, FunctionType> functions = checkExports();
    checkKinds();
    checkTables();
    checkFunctions();
    return functions;
  }

  private void checkImports() throws ModuleFailure {
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < parsed.importSection().importCount(); i++) {
      Import wanted = parsed.importSection().getImport(i);
      if (!isGiven(wanted)) {
        unknown.add(wanted.module() + "." + wanted.name());
      }
    }
    if (!unknown.isEmpty()) {
      List<String> said = unknown.subList(0, Math.min(NAMES_SAID, unknown.size()));
      String more = unknown.size() > said.size() ? " and " + (unknown.size() - said.size()) : "";
      throw new ModuleFailure(
          "it imports what there is not, or not in this form: "
              + String.join(", ", said)
              + (more.isEmpty() ? "" : more + " more"));
    }
  }

  private boolean isGiven(Import wanted) {
    return wanted instanceof FunctionImport function
        && HostCall.NAMESPACE.equals(function.module())
        && HostCall.named(function.name())
            .filter(call -> call.type().equals(parsed.typeSection().getType(function.typeIndex())))
            .isPresent();
  }

  private Map<String, FunctionType> checkExports() throws ModuleFailure {
    Map<String, FunctionType> functions = new TreeMap<>();
    boolean hasMemory = false;
    ExportSection exports = parsed.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      Export export = exports.getExport(i);
      hasMemory |=
          export.exportType() == ExternalType.MEMORY && export.name().equals(ModuleExport.MEMORY);
      if (export.exportType() == ExternalType.FUNCTION) {
        functions.put(export.name(), typeOf(export.index()));
      }
    }
    if (!hasMemory || parsed.memorySection().map(MemorySection::memoryCount).orElse(0) != 1) {
      throw new ModuleFailure("it must have one memory, exported as '" + ModuleExport.MEMORY + "'");
    }
    ModuleExport.check(functions);
    return functions;
  }

  private FunctionType typeOf(int function) {
    int imported = parsed.importSection().count(ExternalType.FUNCTION);
    if (function >= imported) {
      return parsed.functionSection().getFunctionType(function - imported, parsed.typeSection());
    }
    FunctionImport passedOn =
        (FunctionImport)
            parsed.importSection().stream()
                .filter(each -> each.importType() == ExternalType.FUNCTION)
                .skip(function)
                .findFirst()
                .orElseThrow();
    return parsed.typeSection().getType(passedOn.typeIndex());
  }

  /** Objects and exceptions of WebAssembly are kept on the heap of Java, shared memory waits. */
  private void checkKinds() throws ModuleFailure {
    for (int i = 0; i < parsed.typeSection().subTypeCount(); i++) {
      if (parsed.typeSection().getSubType(i).compType().funcType() == null) {
        throw new ModuleFailure("it has types with garbage collection, which are not given here");
      }
    }
    if (parsed.tagSection().map(tags -> tags.tagCount()).orElse(0) > 0) {
      throw new ModuleFailure("it has exceptions, which are not given here");
    }
    if (parsed.memorySection().orElseThrow().getMemory(0).limits().shared()) {
      throw new ModuleFailure("its memory is shared, which is not given here");
    }
  }

  private void checkTables() throws ModuleFailure {
    long entries = 0;
    for (int i = 0; i < parsed.tableSection().tableCount(); i++) {
      entries += parsed.tableSection().getTable(i).limits().min();
    }
    if (entries > TABLE_LIMIT) {
      throw new ModuleFailure("its tables have more than " + TABLE_LIMIT + " entries");
    }
  }

  private void checkFunctions() throws ModuleFailure {
    int count = parsed.functionSection().functionCount();
    if (count > FUNCTIONS_LIMIT) {
      throw new ModuleFailure("it has more than " + FUNCTIONS_LIMIT + " functions");
    }
    for (int i = 0; i < count; i++) {
      FunctionBody body = parsed.codeSection().getFunctionBody(i);
      FunctionType type = parsed.functionSection().getFunctionType(i, parsed.typeSection());
      if (body.localTypes().size() + type.params().size() > LOCALS_LIMIT) {
        throw new ModuleFailure("a function has more than " + LOCALS_LIMIT + " locals");
      }
    }
  }
}
