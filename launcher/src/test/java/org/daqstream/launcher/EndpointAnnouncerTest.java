/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

public class EndpointAnnouncerTest {
  @Test
  public void lineNamesEveryAddressAndTheNumberOfSignals() {
    assertEquals(
        "daqstream: listening on ws://0.0.0.0:7414/ and http://0.0.0.0:7438/, 23 signals",
        EndpointAnnouncer.line(List.of("ws://0.0.0.0:7414/", "http://0.0.0.0:7438/"), 23));
  }

  @Test
  public void oneSignalIsOne() {
    assertEquals(
        "daqstream: listening on ws://a/, 1 signal", EndpointAnnouncer.line(List.of("ws://a/"), 1));
  }
}
