/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * Code that runs, with its memory. One thread at a time calls; each call ends in time. After a
 * failure it must not be called any more.
 */
final class ModuleCode {
  /** The largest part of a block that is encoded by one call. */
  private static final int SAMPLES_AT_ONCE = 4096;

  private final CallGuard guard;
  private final CallWatch watch;
  private final long limitNanos;
  private final Map<ModuleExport, ExportFunction> exports = new EnumMap<>(ModuleExport.class);
  private final ExportFunction data;
  private Instance instance;
  private int buffer;
  private int bufferBytes = -1; // none yet
  private byte[] scratch = new byte[0];
  private long busyNanos;
  private volatile long memoryBytes;

  /**
   * Prepares code and calls its constructors, not yet its {@link #init}.
   *
   * @throws ModuleFailure when it needs too much memory, or its constructors fail
   */
  ModuleCode(
      LoadedModule compiled,
      ModuleSettings settings,
      ModuleSide host,
      CallGuard guard,
      CallWatch watch)
      throws ModuleFailure {
    this.guard = guard;
    this.watch = watch;
    this.limitNanos = settings.eventNanos();
    int pages = (int) (settings.memoryLimitBytes() / Memory.PAGE_SIZE);
    if (compiled.firstPages() > pages) {
      throw new ModuleFailure(
          "it needs %d bytes of memory from the start, and memoryLimitBytes is %d"
              .formatted(
                  (long) compiled.firstPages() * Memory.PAGE_SIZE, settings.memoryLimitBytes()));
    }
    MemoryLimits limits =
        new MemoryLimits(compiled.firstPages(), Math.min(pages, compiled.mostPages()));
    run(
        "its start",
        () -> {
          instance = instance(compiled, limits, host);
          for (ModuleExport each : ModuleExport.values()) {
            if (compiled.functions().containsKey(each.exported())) {
              exports.put(each, instance.export(each.exported()));
            }
          }
          return null;
        });
    data = exports.get(ModuleExport.DATA);
    call(ModuleExport.INITIALIZE);
  }

  private Instance instance(LoadedModule compiled, MemoryLimits limits, ModuleSide host) {
    return Instance.builder(compiled.module())
        .withMachineFactory(compiled.machines())
        .withMemoryLimits(limits)
        .withMemoryFactory(ByteArrayMemory::new)
        .withTableFactory(BoundedTable::new)
        .withStart(false)
        .withImportValues(HostCall.all(host, guard))
        // The interpreter does not look for interrupts at every jump.
        .withUnsafeExecutionListener(
            (instruction, stack) -> {
              if (guard.isOver()) {
                throw new ChicoryInterruptedException(guard.cause());
              }
            })
        .build();
  }

  /** What the module makes of its start: 0, or the number of a result. */
  int init() throws ModuleFailure {
    return (int) call(ModuleExport.INIT)[0];
  }

  /** Whether it wants to be called for that. */
  boolean has(ModuleExport export) {
    return exports.containsKey(export);
  }

  /** Gives it a message; false when it has given no room for it. */
  boolean data(int stream, long peer, ByteBuffer message) throws ModuleFailure {
    int length = message.remaining();
    if (data == null) {
      return true;
    }
    if (!makeRoom(length)) {
      return false;
    }
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    message.get(message.position(), scratch, 0, length);
    run(
        ModuleExport.DATA.exported(),
        () -> {
          instance.memory().write(buffer, scratch, 0, length);
          return data.apply(stream, peer, buffer, length);
        });
    return true;
  }

  /** Tells it of a peer. */
  void peer(ModuleExport export, int stream, long peer, String text) throws ModuleFailure {
    if (has(export)) {
      int length = put(text);
      call(export, stream, peer, buffer, length);
    }
  }

  /** Tells it that a stream is over. */
  void ended(int stream, String cause) throws ModuleFailure {
    int length = put(cause);
    call(ModuleExport.ENDED, stream, buffer, length);
  }

  /** Calls a function without parameters, if there is one. */
  void tell(ModuleExport export) throws ModuleFailure {
    call(export);
  }

  /** The name of the data type that its samples become. */
  String encodedType(int limit) throws ModuleFailure {
    long pointer = call(ModuleExport.ENCODED_TYPE)[0];
    try {
      return new ModuleMemory(instance.memory()).zeroEnded(pointer, limit);
    } catch (HostTrap e) {
      throw new ModuleFailure(ModuleExport.ENCODED_TYPE.exported() + ": " + e.getMessage());
    }
  }

  /** Has samples encoded at the target's position, part by part; allocates as much as it puts. */
  void encode(double[] samples, int offset, int count, int sampleBytes, ByteBuffer target)
      throws ModuleFailure {
    for (int from = 0; from < count; from += SAMPLES_AT_ONCE) {
      encodePart(
          samples, offset + from, Math.min(SAMPLES_AT_ONCE, count - from), sampleBytes, target);
    }
  }

  private void encodePart(
      double[] samples, int offset, int count, int sampleBytes, ByteBuffer target)
      throws ModuleFailure {
    int given = count * Double.BYTES;
    if (!makeRoom(given + count * sampleBytes)) {
      throw new ModuleFailure(
          ModuleExport.BUFFER.exported() + " gives no room for " + count + " samples");
    }
    if (scratch.length < given) {
      scratch = new byte[given];
    }
    ByteBuffer.wrap(scratch)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .put(samples, offset, count);
    instance.memory().write(buffer, scratch, 0, given);
    long result = call(ModuleExport.ENCODE, buffer, count, buffer + given)[0];
    if (result != 0) {
      throw new ModuleFailure(ModuleExport.ENCODE.exported() + " gives " + (int) result);
    }
    target.put(instance.memory().readBytes(buffer + given, count * sampleBytes));
  }

  /** Puts a text into the module's buffer; its length, 0 when there is no room. */
  private int put(String text) throws ModuleFailure {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!has(ModuleExport.BUFFER) || !makeRoom(bytes.length)) {
      return 0;
    }
    instance.memory().write(buffer, bytes, 0, bytes.length);
    return bytes.length;
  }

  private boolean makeRoom(int bytes) throws ModuleFailure {
    if (bytes <= bufferBytes) {
      return true;
    }
    long pointer = call(ModuleExport.BUFFER, bytes)[0];
    if ((int) pointer == 0) {
      bufferBytes = -1; // the old one may be gone
      return false;
    }
    try {
      buffer = new ModuleMemory(instance.memory()).place(pointer, bytes);
    } catch (HostTrap e) {
      throw new ModuleFailure(ModuleExport.BUFFER.exported() + ": " + e.getMessage());
    }
    bufferBytes = bytes;
    return true;
  }

  private long[] call(ModuleExport export, long... arguments) throws ModuleFailure {
    ExportFunction function = exports.get(export);
    return function == null ? new long[1] : run(export.exported(), () -> function.apply(arguments));
  }

  @FunctionalInterface
  private interface Call {
    long[] run();
  }

  private long[] run(String what, Call call) throws ModuleFailure {
    guard.enter(limitNanos);
    watch.wake();
    try {
      return call.run();
    } catch (RuntimeException | Error e) { // whatever it is, it is the end of this code only
      throw new ModuleFailure(what + ": " + (guard.isOver() ? guard.cause() : Reason.of(e)));
    } finally {
      busyNanos += guard.leave();
      memoryBytes = instance == null ? 0 : (long) instance.memory().pages() * Memory.PAGE_SIZE;
    }
  }

  /** What its calls have taken since this was asked last. */
  long takeBusyNanos() {
    long taken = busyNanos;
    busyNanos = 0;
    return taken;
  }

  /** Its memory; any thread. */
  long memoryBytes() {
    return memoryBytes;
  }
}
