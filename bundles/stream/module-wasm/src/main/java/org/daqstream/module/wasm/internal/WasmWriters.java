/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.FixedSizeWriter;

/**
 * Makes the writers of a data type whose code is a file. Each has its own instance of the code, as
 * the sources of signals write at the same time.
 */
final class WasmWriters implements SignalWriterFactory {
  private static final int TYPE_LIMIT_CHARS = 16;

  private final ModuleSettings settings;
  private final LoadedModule compiled;
  private final CallWatch watch;
  private final ModuleCounters counters;
  private final ElementType type;

  private final Set<WasmSignalWriter> writers =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /**
   * Tries the code once.
   *
   * @param guard of the one who waits for this
   * @throws ModuleFailure when no signal could be written by it
   */
  WasmWriters(
      ModuleSettings settings,
      LoadedModule compiled,
      CallGuard guard,
      CallWatch watch,
      ModuleCounters counters)
      throws ModuleFailure {
    this.settings = settings;
    this.compiled = compiled;
    this.watch = watch;
    this.counters = counters;
    String name = start(guard, new WriterSide(settings)).encodedType(TYPE_LIMIT_CHARS);
    type = ElementType.of(name);
    if (type == null) {
      throw new ModuleFailure(
          ModuleExport.ENCODED_TYPE.exported()
              + " gives '"
              + name
              + "', which is no type of numbers that clients know");
    }
  }

  /** Code for one signal, started. */
  ModuleCode start(CallGuard guard, ModuleSide side) throws ModuleFailure {
    ModuleCode code = new ModuleCode(compiled, settings, side, guard, watch);
    int result = code.init();
    counters.busy(code);
    if (result != 0) {
      throw new ModuleFailure(ModuleExport.INIT.exported() + " gives " + result);
    }
    return code;
  }

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor);
    WasmSignalWriter writer =
        new WasmSignalWriter(
            descriptor,
            Map.of("dataType", type.dataType()),
            type.bytes(),
            this,
            settings,
            counters);
    writers.add(writer);
    watch.add(writer);
    return writer;
  }

  /** What all of them hold. */
  long memoryBytes() {
    synchronized (writers) {
      return writers.stream().mapToLong(WasmSignalWriter::memoryBytes).sum();
    }
  }
}
