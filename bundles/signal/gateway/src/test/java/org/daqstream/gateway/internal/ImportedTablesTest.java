/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.daqstream.client.RemoteSignal;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;

/** Tables whose domain becomes another one. */
public final class ImportedTablesTest {
  private static final SignalDescriptor LINE = SignalDescriptor.linearTime("t", 10);
  private static final SignalDescriptor STAMPS = SignalDescriptor.explicitTime("t");

  private final RecordingRegistry registry = new RecordingRegistry();
  private final List<String> lost = new ArrayList<>();
  private final Set<String> forbidden = new HashSet<>();
  private final ImportedSignal v = new ImportedSignal(null, "v");
  private final ImportedSignal w = new ImportedSignal(null, "w");

  /** Does something before it opens a table of stamps. */
  private final class Busy implements SignalRegistry {
    private final Runnable before;

    Busy(Runnable before) {
      this.before = before;
    }

    @Override
    public SignalTable openTable(SignalDescriptor domain) {
      if (domain.equals(STAMPS)) {
        before.run();
      }
      return registry.openTable(domain);
    }

    @Override
    public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
      return registry.open(domain, value);
    }

    @Override
    public List<SignalState> signals() {
      return registry.signals();
    }
  }

  private ImportedTables tables(SignalRegistry target) {
    return new ImportedTables(
        target,
        new LocalNames("", "r", "l", new IncomingLinks(List::of)),
        id -> !forbidden.contains(id),
        (signal, why) -> lost.add(signal.signalId + ": " + why));
  }

  private static RemoteSignal remote(String signalId, SignalDescriptor domain) {
    SignalDescriptor value = SignalDescriptor.value(signalId, DataTypes.INT8).build();
    return new RemoteSignal(value, domain, "t", null);
  }

  @Test
  public void signalsAndDomainsThatMayNotBePublishedAreRefused() {
    ImportedTables tables = tables(registry);
    forbidden.add("v");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> tables.publish(v, remote("v", LINE)));
    assertEquals("its role may not publish v", refused.getMessage());
    tables.publish(w, remote("w", LINE));
    forbidden.add("t");
    assertThrows(IllegalArgumentException.class, () -> tables.publish(w, remote("w", LINE)));
    tables.withdraw(w);
    assertEquals(List.of(), registry.ids());
  }

  @Test
  public void siblingsComeAlongToADomainOfAnotherKind() {
    ImportedTables tables = tables(registry);
    tables.publish(v, remote("v", LINE));
    tables.publish(w, remote("w", LINE));
    tables.publish(v, remote("v", STAMPS));
    assertEquals(List.of("t", "v", "w"), registry.ids());
    assertEquals(STAMPS.rule(), registry.descriptor("t").rule());
    assertEquals(v.table(), w.table());
    assertEquals(List.of(), lost);
    tables.close();
    assertEquals(List.of(), registry.ids());
  }

  @Test
  public void siblingWhoseIdIsTakenMeanwhileIsToldAndHarmsNoOther() {
    SignalDescriptor other = SignalDescriptor.linearTime("other", 1);
    SignalDescriptor taken = SignalDescriptor.value("w", DataTypes.INT8).build();
    ImportedTables tables = tables(new Busy(() -> registry.open(other, taken)));
    ImportedSignal x = new ImportedSignal(null, "x");
    tables.publish(v, remote("v", LINE));
    tables.publish(w, remote("w", LINE));
    tables.publish(x, remote("x", LINE));
    tables.publish(v, remote("v", STAMPS));
    assertEquals(List.of("w: signalId is taken: w"), lost);
    assertEquals(v.table(), x.table());
    assertEquals(List.of("other", "t", "v", "w", "x"), registry.ids());
  }

  @Test
  public void allAreToldWhenTheDomainIsTakenMeanwhile() {
    ImportedTables tables = tables(new Busy(() -> registry.openTable(STAMPS)));
    tables.publish(v, remote("v", LINE));
    tables.publish(w, remote("w", LINE));
    assertThrows(IllegalArgumentException.class, () -> tables.publish(v, remote("v", STAMPS)));
    assertEquals(List.of("w: signalId is taken: t"), lost);
    assertEquals(List.of("t"), registry.ids());
  }
}
