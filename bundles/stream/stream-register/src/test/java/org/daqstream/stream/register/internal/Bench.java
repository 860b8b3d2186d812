/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Set;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.StreamTransport;
import org.junit.function.ThrowingRunnable;

/** A register with a fake transport of type {@code fake}, and a manifest. */
final class Bench {

  static final String MANIFEST =
      """
      {"deploymentManifest": {"instanceSpecs": {
        "camera": {"moduleId": "m", "streams": {
          "in":    {"type": "fake", "direction": "in"},
          "in2":   {"type": "fake", "direction": "in"},
          "out":   {"type": "fake", "direction": "out", "parameters": {"port": "1"}},
          "later": {"type": "later", "direction": "out"}}},
        "collector": {"streams": {"in": {"type": "fake", "direction": "in"}}},
        "idle": {}}}}
      """;

  final FakeTransport transport = new FakeTransport();
  final Register register;
  volatile Set<String> published = Set.of();

  Bench() {
    this(Settings.DEFAULTS);
  }

  Bench(Settings settings) {
    register =
        new Register(settings) {
          @Override
          void publish(Set<String> instances) {
            published = instances;
          }
        };
    add(transport, "fake", 0, 1);
    try {
      register.deploy("test", MANIFEST);
    } catch (ManifestException e) {
      throw new AssertionError(e);
    }
  }

  void add(StreamTransport added, String type, int ranking, long id) {
    register.add(new Transports.Entry(added, type, ranking, id));
  }

  InstanceClient client(String instance) {
    return (InstanceClient) register.client(instance);
  }

  static void assertFails(StreamResult expected, ThrowingRunnable open) {
    StreamException e = assertThrows(StreamException.class, open);
    assertEquals(e.getMessage(), expected, e.result());
  }
}
