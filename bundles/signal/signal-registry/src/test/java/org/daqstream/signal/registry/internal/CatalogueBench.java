/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** A catalogue with a sink and a writer that tests steer. */
abstract class CatalogueBench {
  static final SignalDescriptor TIME = SignalDescriptor.linearTime("t", 10);
  static final SignalDescriptor VALUE = value("v");

  final SignalCatalogue registry = new SignalCatalogue();
  final RecordingSink sink = new RecordingSink();
  final FakeFactory factory = new FakeFactory("w");

  static SignalDescriptor value(String id) {
    return SignalDescriptor.value(id, "real64").build();
  }

  void addFactory(FakeFactory added, long serviceId, int ranking) {
    registry.addWriterFactory(added, FakeFactory.properties(serviceId, ranking, "real64"));
  }

  SignalState state(String signalId) {
    return registry.signals().stream()
        .filter(state -> state.descriptor().signalId().equals(signalId))
        .findFirst()
        .orElseThrow();
  }
}
