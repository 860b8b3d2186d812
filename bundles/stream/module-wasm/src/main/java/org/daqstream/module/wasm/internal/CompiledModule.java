/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExportSection;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.MemorySection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The code of a file, translated for the virtual machine and checked: it asks for nothing that the
 * host does not give, and has nothing whose memory the host could not bound. Functions that are too
 * large for a method of Java are interpreted.
 */
final class CompiledModule {
  /** The largest file. */
  static final int FILE_LIMIT_BYTES = 16 << 20;

  /** Names in messages. */
  private static final int NAMES_SAID = 3;

  /** Of a function, parameters included: an interpreted call keeps them on the heap. */
  private static final int LOCALS_LIMIT = 2_000;

  /** Entries of all tables, as they are at first. */
  static final int TABLE_LIMIT = 100_000;

  private final WasmModule module;
  private final Function<Instance, Machine> machines;
  private final Map<String, FunctionType> functions = new TreeMap<>();

  private CompiledModule(WasmModule module) throws ModuleFailure {
    this.module = module;
    checkImports();
    checkExports();
    checkKinds();
    checkTables();
    checkLocals();
    machines =
        MachineFactoryCompiler.builder(module)
            .withInterpreterFallback(InterpreterFallback.SILENT)
            .compile();
  }

  /**
   * Reads and translates a file; takes a moment.
   *
   * @throws ModuleFailure when it cannot be used
   */
  static CompiledModule of(byte[] file) throws ModuleFailure {
    try {
      return new CompiledModule(Parser.parse(file));
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      throw new ModuleFailure("it is no WebAssembly that can be used: " + Reason.of(e));
    }
  }

  WasmModule module() {
    return module;
  }

  Function<Instance, Machine> machines() {
    return machines;
  }

  /** The functions that it exports, by name. */
  Map<String, FunctionType> functions() {
    return functions;
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
    return module.memorySection().orElseThrow().getMemory(0).limits();
  }

  private void checkImports() throws ModuleFailure {
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      Import wanted = module.importSection().getImport(i);
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
            .filter(call -> call.type().equals(module.typeSection().getType(function.typeIndex())))
            .isPresent();
  }

  private void checkExports() throws ModuleFailure {
    boolean hasMemory = false;
    ExportSection exports = module.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      Export export = exports.getExport(i);
      hasMemory |=
          export.exportType() == ExternalType.MEMORY && export.name().equals(ModuleExport.MEMORY);
      if (export.exportType() == ExternalType.FUNCTION) {
        functions.put(export.name(), typeOf(export.index()));
      }
    }
    if (!hasMemory || module.memorySection().map(MemorySection::memoryCount).orElse(0) != 1) {
      throw new ModuleFailure("it must have one memory, exported as '" + ModuleExport.MEMORY + "'");
    }
    ModuleExport.check(functions);
  }

  private FunctionType typeOf(int function) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    if (function >= imported) {
      return module.functionSection().getFunctionType(function - imported, module.typeSection());
    }
    FunctionImport passedOn =
        (FunctionImport)
            module.importSection().stream()
                .filter(each -> each.importType() == ExternalType.FUNCTION)
                .skip(function)
                .findFirst()
                .orElseThrow();
    return module.typeSection().getType(passedOn.typeIndex());
  }

  /** Objects and exceptions of WebAssembly are kept on the heap of Java, shared memory waits. */
  private void checkKinds() throws ModuleFailure {
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      if (module.typeSection().getSubType(i).compType().funcType() == null) {
        throw new ModuleFailure("it has types with garbage collection, which are not given here");
      }
    }
    if (module.tagSection().map(tags -> tags.tagCount()).orElse(0) > 0) {
      throw new ModuleFailure("it has exceptions, which are not given here");
    }
    if (limits().shared()) {
      throw new ModuleFailure("its memory is shared, which is not given here");
    }
  }

  private void checkTables() throws ModuleFailure {
    long entries = 0;
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      entries += module.tableSection().getTable(i).limits().min();
    }
    if (entries > TABLE_LIMIT) {
      throw new ModuleFailure("its tables have more than " + TABLE_LIMIT + " entries");
    }
  }

  private void checkLocals() throws ModuleFailure {
    int count = module.functionSection().functionCount();
    for (int i = 0; i < count; i++) {
      FunctionBody body = module.codeSection().getFunctionBody(i);
      FunctionType type = module.functionSection().getFunctionType(i, module.typeSection());
      if (body.localTypes().size() + type.params().size() > LOCALS_LIMIT) {
        throw new ModuleFailure("a function has more than " + LOCALS_LIMIT + " locals");
      }
    }
  }
}
