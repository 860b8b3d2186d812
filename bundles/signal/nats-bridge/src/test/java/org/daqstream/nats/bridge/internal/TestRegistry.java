/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.registry.internal.SignalCatalogue;
import org.daqstream.writer.binary.internal.BinaryWriterFactory;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;
import org.daqstream.writer.struct.internal.StructWriterFactory;

/** The registry of a runtime, with writers of most types. */
final class TestRegistry {
  private static final List<String> TYPES =
      List.of("int8", "int16", "int32", "int64", "uint8", "uint16", "uint64", "real32", "real64");

  private final SignalCatalogue catalogue = new SignalCatalogue();

  TestRegistry() {
    call("start");
    addFactory(new NumericWriterFactory(), 1, TYPES);
    addFactory(new StructWriterFactory(), 2, List.of("struct"));
    addFactory(new BinaryWriterFactory(), 3, List.of("binary"));
  }

  SignalRegistry registry() {
    return catalogue;
  }

  void addFactory(SignalWriterFactory factory, long id, List<String> types) {
    call(
        "addWriterFactory",
        factory,
        Map.of("service.id", id, SignalWriterFactory.SIGNAL_DATATYPE, types));
  }

  void addSink(SignalSink sink) {
    call("addSink", sink);
  }

  void removeSink(SignalSink sink) {
    call("removeSink", sink);
  }

  /** What the component runtime would call. */
  private void call(String name, Object... arguments) {
    try {
      for (Method method : catalogue.getClass().getDeclaredMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
          method.setAccessible(true);
          method.invoke(catalogue, arguments);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }
}
