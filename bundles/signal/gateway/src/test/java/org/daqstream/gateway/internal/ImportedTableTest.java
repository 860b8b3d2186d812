/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;

/** Rows as a device has them, and as it should not have them. */
public final class ImportedTableTest {
  private static final int DELTA = 10;

  private final RecordingRegistry registry = new RecordingRegistry();
  private final SignalDescriptor line = SignalDescriptor.linearTime("t", DELTA);
  private final SignalDescriptor stamps = SignalDescriptor.explicitTime("t");

  /** A signal of a table, which remembers where its last block ended. */
  private final class Imported {
    private final ImportedTable table;
    private final SignalPort port;
    private final RemoteSignal remote;
    private long end;

    Imported(ImportedTable table, String signalId) {
      this.table = table;
      SignalDescriptor value = SignalDescriptor.value(signalId, DataTypes.INT8).build();
      port = table.open(new ImportedSignal(null, signalId), value);
      remote = new RemoteSignal(value, table.domain(), "t", null);
    }

    boolean take(SampleBlock block) {
      long next = table.write(port, end, block);
      end = Math.max(end, next);
      return next >= 0;
    }

    boolean onLine(long row, int count, long tick) {
      return take(SampleBlock.onLine(remote, row, count, ByteBuffer.allocate(count), tick, DELTA));
    }

    boolean stamped(long row, long... ticks) {
      return take(SampleBlock.stamped(remote, row, ticks, ByteBuffer.allocate(ticks.length)));
    }

    List<Long> rows() {
      return registry.rows(remote.signalId());
    }
  }

  private ImportedTable table(SignalDescriptor domain) {
    return new ImportedTable(registry.openTable(domain));
  }

  @Test
  public void rowsGoOnAndMayStep() {
    Imported v = new Imported(table(line), "v");
    v.onLine(1000, 4, 0);
    v.onLine(1004, 4, 40);
    v.onLine(2000, 4, 9000);
    assertEquals(List.of(1000L, 1004L, 2000L), v.rows());
  }

  @Test
  public void lastSampleMayComeAgain() {
    Imported v = new Imported(table(line), "v");
    v.onLine(1000, 4, 0);
    v.onLine(1003, 1, 30);
    v.onLine(1004, 1, 40);
    assertEquals(List.of(1000L, 1003L, 1004L), v.rows());
  }

  @Test
  public void deviceThatCountsAnewIsFollowedBySiblingsInPhase() {
    ImportedTable table = table(line);
    Imported v = new Imported(table, "v");
    Imported w = new Imported(table, "w");
    v.onLine(1000, 4, 0);
    w.onLine(1000, 4, 0);
    v.onLine(0, 4, 500);
    w.onLine(0, 4, 500);
    v.onLine(4, 4, 540);
    assertEquals(List.of(1000L, 1004L, 1008L), v.rows());
    assertEquals(List.of(1000L, 1004L), w.rows());
  }

  @Test
  public void rowsOfAnEvilDeviceStayWithinNumbers() {
    Imported v = new Imported(table(line), "v");
    v.onLine(Long.MAX_VALUE - 1, 4, 0);
    v.onLine(Long.MIN_VALUE, 4, 40);
    v.onLine(-5, 4, 80);
    v.onLine((1L << 61) + 7, 4, 120);
    v.onLine(3, 4, 160);
    List<Long> rows = v.rows();
    for (int i = 0; i < rows.size(); i++) {
      assertTrue(rows.toString(), rows.get(i) >= (i == 0 ? 0 : rows.get(i - 1) + 4));
      assertTrue(rows.toString(), rows.get(i) <= 1L << 62);
    }
    assertEquals(5, rows.size());
  }

  @Test
  public void blocksAtAnotherRateKeepTheirTimes() {
    Imported v = new Imported(table(line), "v");
    v.take(SampleBlock.onLine(v.remote, 7, 3, ByteBuffer.wrap(new byte[] {1, 2, 3}), 100, 25));
    assertEquals(List.of(7L, 8L, 9L), v.rows());
    assertEquals(
        List.of(100L, 125L, 150L),
        registry.blocks("v").stream().map(RecordingRegistry.Block::tick).toList());
  }

  @Test
  public void sameStampsAreTheSameRows() {
    ImportedTable table = table(stamps);
    Imported v = new Imported(table, "v");
    Imported w = new Imported(table, "w");
    v.stamped(50, 1, 2);
    v.stamped(52, 5, 6);
    w.stamped(0, 1, 2);
    w.stamped(2, 5, 6);
    w.stamped(4, 7);
    v.stamped(54, 5, 6); // a clock that stands still
    assertEquals(List.of(50L, 52L, 55L), v.rows());
    assertEquals(List.of(50L, 52L, 54L), w.rows());
  }

  @Test
  public void blocksThatDoNotFitTheDomainAreLeftOut() {
    Imported v = new Imported(table(line), "v");
    assertFalse(v.stamped(0, 1, 2));
    assertFalse(v.take(SampleBlock.untimed(v.remote, 0, 1, ByteBuffer.allocate(1))));
    assertTrue(v.onLine(0, 1, 0));
    assertEquals(1, registry.count("v"));
  }
}
