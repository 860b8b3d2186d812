/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

public class BundleSignalRegistryTest {
  private final SignalCatalogue catalogue = new SignalCatalogue();

  @Test
  public void whatABundleLeavesOpenIsClosedForItAndNothingElse() {
    BundleSignalRegistry leaving = new BundleSignalRegistry(catalogue, 7);
    BundleSignalRegistry staying = new BundleSignalRegistry(catalogue, 8);
    SignalPort left = leaving.open(time("t1"), value("v1"));
    leaving.openTable(time("t2"));
    staying.open(time("t3"), value("v3"));
    leaving.release();
    assertEquals(List.of("t3", "v3"), signalIds(staying));
    assertEquals(WriteResult.CLOSED, left.write(0, 1.0));
  }

  @Test
  public void aTableOpenedAfterTheBundleLeftIsClosedAtOnce() {
    BundleSignalRegistry leaving = new BundleSignalRegistry(catalogue, 7);
    leaving.release();
    leaving.openTable(time("t"));
    assertEquals(List.of(), signalIds(leaving));
  }

  @Test
  public void theStateOfASignalTellsWhoseItIs() {
    BundleSignalRegistry one = new BundleSignalRegistry(catalogue, 7);
    BundleSignalRegistry other = new BundleSignalRegistry(catalogue, 8);
    one.open(time("t1"), value("v1"));
    other.openTable(time("t2")).open(value("v2"));
    assertEquals(
        List.of(7L, 7L, 8L, 8L), one.signals().stream().map(SignalState::bundleId).toList());
  }

  private static List<String> signalIds(BundleSignalRegistry registry) {
    return registry.signals().stream()
        .map(SignalState::descriptor)
        .map(SignalDescriptor::signalId)
        .toList();
  }

  private static SignalDescriptor time(String signalId) {
    return SignalDescriptor.linearTime(signalId, 10);
  }

  private static SignalDescriptor value(String signalId) {
    return SignalDescriptor.value(signalId, DataTypes.REAL64).build();
  }
}
