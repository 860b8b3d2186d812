/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

public class StreamCheckTest {
  private final RemoteSignal signal =
      RemoteSignals.of(SignalDescriptor.value("a", DataTypes.REAL64), "t");
  private final StreamCheck check = new StreamCheck("a", signal);

  @Test
  public void whatFollowsIsInOrder() {
    assertEquals("silent", check.verdict());
    check.block(RemoteSignals.block(signal, 5, 1, 2));
    check.block(RemoteSignals.block(signal, 7, 3));
    assertEquals("ok", check.verdict());
    assertEquals(3L, check.document().get("samples"));
    assertFalse(check.isBad());
  }

  @Test
  public void whatIsMissingIsALoss() {
    check.block(RemoteSignals.block(signal, 0, 1));
    check.gap(new Gap(Gap.Reason.DEVICE, 1, 11, true, 0, 0));
    check.block(RemoteSignals.block(signal, 11, 2));
    assertEquals("loss", check.verdict());
    assertEquals(10L, check.document().get("lostRows"));
    assertEquals(0L, check.document().get("untoldRowJumps"));
    assertTrue(check.isBad());
  }

  @Test
  public void rowsThatJumpWithoutAWordAreDisorder() {
    check.block(RemoteSignals.block(signal, 0, 1));
    check.block(RemoteSignals.block(signal, 2, 2));
    assertEquals("disorder", check.verdict());
  }

  @Test
  public void timesThatGoBackAreDisorder() {
    check.block(SampleBlock.stamped(signal, 0, new long[] {10, 12, 11}, RemoteSignals.bytes(24)));
    assertEquals("disorder", check.verdict());
    assertEquals(1L, check.document().get("timesBackwards"));
  }

  @Test
  public void aJumpOfTimeAloneIsNoLoss() {
    check.block(RemoteSignals.block(signal, 0, 1));
    check.gap(new Gap(Gap.Reason.DOMAIN, 1, 1, true, 1, 2));
    check.block(RemoteSignals.block(signal, 1, 1));
    assertEquals("ok", check.verdict());
    assertEquals(1L, check.document().get("timeJumps"));
  }
}
