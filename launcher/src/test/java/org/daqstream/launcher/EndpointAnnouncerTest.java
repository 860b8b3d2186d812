/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Optional;
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

  @Test
  public void addressOfThePageIsOneThatABrowserOpens() {
    assertEquals(
        Optional.of("http://localhost:7438/"),
        EndpointAnnouncer.pageAddress(List.of("ws://0.0.0.0:7414/a", "http://0.0.0.0:7438/a")));
    assertEquals(
        Optional.of("http://localhost:1/"),
        EndpointAnnouncer.pageAddress(List.of("http://[0:0:0:0:0:0:0:0]:1/")));
    assertEquals(
        Optional.of("http://10.0.0.7:1/"),
        EndpointAnnouncer.pageAddress(List.of("http://10.0.0.7:1/")));
    assertEquals(Optional.empty(), EndpointAnnouncer.pageAddress(List.of("ws://a/")));
  }
}
