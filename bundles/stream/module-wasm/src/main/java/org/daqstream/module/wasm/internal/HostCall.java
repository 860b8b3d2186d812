/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static com.dylibso.chicory.wasm.types.ValType.I32;
import static com.dylibso.chicory.wasm.types.ValType.I64;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.daqstream.stream.api.StreamDirection;

/** The functions of the host, which a module may import. */
@SuppressWarnings("ImmutableEnumChecker") // the types are, the bodies have no state
enum HostCall {
  OPEN_INPUT(
      "open_input",
      List.of(I32),
      (host, memory, a) -> host.open(memory.name(a[0], a[1]), StreamDirection.IN),
      I32,
      I32),
  OPEN_OUTPUT(
      "open_output",
      List.of(I32),
      (host, memory, a) -> host.open(memory.name(a[0], a[1]), StreamDirection.OUT),
      I32,
      I32),
  WRITE(
      "write",
      List.of(I32),
      (host, memory, a) -> host.write((int) a[0], memory.bytes(a[1], a[2])),
      I32,
      I32,
      I32),
  CLOSE("close", List.of(I32), (host, memory, a) -> host.close((int) a[0], (int) a[1]), I32, I32),
  ARGUMENT_COUNT("argument_count", List.of(I32), (host, memory, a) -> host.arguments().size()),
  ARGUMENT(
      "argument",
      List.of(I32),
      (host, memory, a) -> memory.text(host.argument((int) a[0]), a[1], a[2]),
      I32,
      I32,
      I32),
  CLOCK_WALL("clock_wall", List.of(I64), (host, memory, a) -> host.wallNanos()),
  CLOCK_MONOTONIC("clock_monotonic", List.of(I64), (host, memory, a) -> System.nanoTime()),
  LOG(
      "log",
      List.of(),
      (host, memory, a) -> host.log((int) a[0], memory.line(a[1], a[2])),
      I32,
      I32,
      I32),
  TIMER("timer", List.of(), (host, memory, a) -> host.timer((int) a[0]), I32);

  /** What all imports are from. */
  static final String NAMESPACE = "daqstream";

  /**
   * Frames that must be left on the stack for what the host does, so that a module that has used it
   * up is ended here, and not in the midst of the runtime.
   */
  private static final int FRAMES_LEFT = 48;

  @FunctionalInterface
  private interface Body {
    long call(ModuleSide host, ModuleMemory memory, long[] arguments);
  }

  private final String imported;
  private final FunctionType type;
  private final Body body;

  HostCall(String imported, List<ValType> results, Body body, ValType... parameters) {
    this.imported = imported;
    this.type = FunctionType.of(List.of(parameters), results);
    this.body = body;
  }

  static Optional<HostCall> named(String name) {
    return Arrays.stream(values()).filter(call -> call.imported.equals(name)).findFirst();
  }

  FunctionType type() {
    return type;
  }

  /** All of them, for one module. */
  static ImportValues all(ModuleSide host, CallGuard guard) {
    ImportValues.Builder imports = ImportValues.builder();
    for (HostCall call : values()) {
      imports.addFunction(
          new HostFunction(
              NAMESPACE,
              call.imported,
              call.type,
              (instance, arguments) -> call.run(host, guard, instance, arguments)));
    }
    return imports.build();
  }

  private long[] run(ModuleSide host, CallGuard guard, Instance instance, long[] arguments) {
    probeStack(FRAMES_LEFT);
    guard.enterHost();
    long result = body.call(host, new ModuleMemory(instance.memory()), arguments);
    guard.leaveHost();
    return type.returns().isEmpty() ? null : new long[] {result};
  }

  private static int probeStack(int frames) {
    return frames == 0 ? 0 : probeStack(frames - 1) + 1;
  }
}
