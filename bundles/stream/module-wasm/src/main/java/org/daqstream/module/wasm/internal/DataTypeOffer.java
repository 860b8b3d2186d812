/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

/** A data type that an instance offers to the registry, or none. */
final class DataTypeOffer {
  private final String dataType;
  private final ModuleRuntime runtime;
  private Runnable withdrawal = () -> {};
  private volatile WasmWriters writers; // null: none

  DataTypeOffer(String dataType, ModuleRuntime runtime) {
    this.dataType = dataType;
    this.runtime = runtime;
  }

  /** Any thread. */
  boolean isThere() {
    return writers != null;
  }

  /** Offers these, and those before not any more: there is always one. */
  void make(WasmWriters made) {
    Runnable before = withdrawal;
    withdrawal = runtime.publish(dataType, made);
    before.run();
    writers = made;
  }

  void withdraw() {
    withdrawal.run();
    withdrawal = () -> {};
    writers = null;
  }

  /** What all writers hold; any thread. */
  long memoryBytes() {
    WasmWriters current = writers;
    return current == null ? 0 : current.memoryBytes();
  }
}
