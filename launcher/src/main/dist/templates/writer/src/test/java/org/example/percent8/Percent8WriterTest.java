/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.percent8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;

/** Runs what every writer must hold, for these signals; add tests of your own. */
public class Percent8WriterTest extends SignalWriterContract {
  public Percent8WriterTest() {
    super(new Percent8WriterFactory());
  }

  private static SignalDescriptor.Builder signal(Unit unit) {
    return SignalDescriptor.value("s", "percent8").unit(unit);
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    return List.of(
        AcceptedSignal.of(signal(Unit.PERCENT), new double[] {-1, 49.6, 250}, "00", "32", "64"),
        AcceptedSignal.of(signal(Unit.PERCENT), ByteBuffer.wrap(new byte[] {7, 8}), "07", "08"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    return Map.of("unit 'V'", signal(Unit.VOLT));
  }
}
