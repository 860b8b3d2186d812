/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Which signals a device is asked to describe. */
public final class ProbesTest {
  private final Probes probes = new Probes();
  private final List<ImportedSignal> asked = new ArrayList<>();

  private ImportedSignal add(String signalId) {
    ImportedSignal signal = new ImportedSignal(null, signalId);
    probes.add(signal);
    return signal;
  }

  private int ask() {
    asked.clear();
    probes.askNext(asked::add);
    return asked.size();
  }

  @Test
  public void someAreAskedForAtATime() {
    List<ImportedSignal> all = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      all.add(add("s" + i));
    }
    assertEquals(200, ask());
    assertEquals(0, ask());
    all.subList(0, 100).forEach(probes::end);
    assertEquals(100, ask());
    assertEquals(all.subList(200, 300), asked);
  }

  @Test
  public void whatFailsIsAskedForAgainOnce() {
    ImportedSignal signal = add("s");
    assertEquals(1, ask());
    for (int i = 0; i < 3; i++) {
      probes.failed(signal);
    }
    probes.end(signal);
    assertEquals(0, ask());
    probes.again();
    assertEquals(1, ask());
    probes.end(signal);
    probes.again();
    assertEquals(0, ask());
  }

  @Test
  public void whatIsGoneIsNotAskedFor() {
    ImportedSignal waiting = add("s");
    ImportedSignal failed = add("t");
    probes.failed(failed);
    probes.forget(waiting);
    probes.forget(failed);
    probes.again();
    assertEquals(0, ask());
  }
}
