/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.testing.Await;

/** Modules of the test's files in a folder, with streams that are played. */
final class Running implements AutoCloseable {
  final PlayedStreams streams = new PlayedStreams();
  final WasmModules modules;
  final Map<String, SignalWriterFactory> writers = new ConcurrentHashMap<>();
  private final Path folder;

  Running(Path folder) {
    this.folder = folder;
    this.modules = new WasmModules(folder, streams, this::publish);
  }

  private Runnable publish(String dataType, SignalWriterFactory made) {
    writers.put(dataType, made);
    return () -> writers.remove(dataType, made);
  }

  /** The bytes of a module that is made of a text beside this. */
  static byte[] code(String name) {
    try (InputStream file = Running.class.getResourceAsStream(name + ".wasm")) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts code into the file of an instance, and tells of it. */
  void drop(String instance, byte[] code) {
    modules.drop(instance, file(instance, code));
  }

  Path file(String name, byte[] code) {
    try {
      return Files.write(folder.resolve(name + ".wasm"), code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings with short times. */
  static ModuleSettings settings(String instance, String file) {
    return new ModuleSettings(instance, file, List.of("first", "2"), 1 << 20, 300, 200, 60);
  }

  ModuleStatus status(String instance) {
    return modules.modules().stream()
        .filter(each -> each.instance().equals(instance))
        .findFirst()
        .orElseThrow();
  }

  void await(String instance, State state) {
    Await.until(
        instance + " is " + state + ", is " + status(instance),
        () -> status(instance).state() == state);
  }

  @Override
  public void close() {
    modules.stop();
  }
}
