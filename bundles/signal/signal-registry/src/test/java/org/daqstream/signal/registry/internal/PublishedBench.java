/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.junit.Before;

/** Tables with a sink and a writer that tests steer. */
abstract class PublishedBench {
  static final double[] SAMPLES = new double[10];

  final SignalCatalogue registry = new SignalCatalogue();
  final RecordingSink sink = new RecordingSink();
  final FakeFactory factory = new FakeFactory("w");
  final SignalTable table = registry.openTable(SignalDescriptor.linearTime("t", 10));
  final SignalTable events = registry.openTable(SignalDescriptor.explicitTime("te"));

  @Before
  public void addFactory() {
    registry.addWriterFactory(factory, FakeFactory.properties(1, 0, "real64", "text"));
  }

  static SignalDescriptor value(String id) {
    return SignalDescriptor.value(id, "real64").build();
  }

  void addSink(RecordingSink added) {
    registry.addSink(added);
    added.news();
  }

  static void assertNamed(String named, Class<? extends RuntimeException> kind, Runnable call) {
    RuntimeException e = assertThrows(kind, call::run);
    assertTrue(e.getMessage(), e.getMessage().contains(named));
  }

  /** Accepts every block and calls something. */
  static final class CallbackSink extends SingleTapSink {
    private final Runnable callback;

    CallbackSink(Runnable callback) {
      this.callback = callback;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      callback.run();
      return WriteResult.ACCEPTED;
    }
  }
}
