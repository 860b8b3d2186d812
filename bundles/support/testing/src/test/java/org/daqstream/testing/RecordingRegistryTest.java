/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

public class RecordingRegistryTest {
  private static final SignalDescriptor TIME = SignalDescriptor.explicitTime("time");

  private final RecordingRegistry registry = new RecordingRegistry();

  private static SignalDescriptor value(String id) {
    return SignalDescriptor.value(id, DataTypes.REAL64).build();
  }

  @Test
  public void whatIsWrittenIsCopied() {
    SignalPort port = registry.open(TIME, value("a"));
    double[] samples = {1, 2, 3};
    port.write(new long[] {10, 20, 30}, samples, 1, 2);
    samples[1] = 9;
    port.write(40, 4.5);
    assertEquals(List.of(20L, 30L, 40L), registry.ticks("a"));
    assertEquals(List.of(2.0, 3.0, 4.5), registry.values("a"));
    ByteBuffer encoded = ByteBuffer.allocate(8).putDouble(0, 5);
    port.write(new long[] {50}, encoded, 0, 1);
    assertEquals(4, registry.count("a"));
    assertEquals(encoded, registry.blocks("a").get(2).samples());
  }

  @Test
  public void closingASingleSignalWithdrawsItsDomain() {
    SignalPort port = registry.open(TIME, value("a"));
    assertEquals(List.of("a", "time"), registry.ids());
    assertEquals(2, registry.signals().size());
    port.close();
    port.close();
    assertEquals(List.of(), registry.ids());
    assertEquals(List.of(), registry.signals());
    assertEquals(WriteResult.CLOSED, port.write(1, 1.0));
    assertEquals(List.of("open time", "open a", "close a", "close time"), registry.events());
  }

  @Test
  public void aTableWritesToThePortsThatHaveSamples() {
    SignalTable table = registry.openTable(TIME);
    table.open(value("a"));
    table.open(value("b"));
    table.write(new long[] {7}, new Object[] {null, new double[] {1}}, 0, 1);
    assertEquals(0, registry.count("a"));
    assertEquals(1, registry.count("b"));
    registry.subscribed(false);
    assertFalse(table.ports().get(0).hasSubscriber());
  }

  @Test
  public void whatTheRegistryRefusesIsRefused() {
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(value("a"));
    assertThrows(IllegalArgumentException.class, () -> table.open(value("a")));
    assertThrows(IllegalArgumentException.class, () -> port.update(value("b")));
    assertThrows(IllegalStateException.class, () -> port.write(1, new double[1], 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            registry.openTable(
                SignalDescriptor.value("c", DataTypes.INT64).rule(Rule.CONSTANT).build()));
    table.close();
    assertThrows(IllegalStateException.class, () -> port.update(value("a")));
    assertThrows(IllegalStateException.class, () -> table.open(value("d")));
  }
}
