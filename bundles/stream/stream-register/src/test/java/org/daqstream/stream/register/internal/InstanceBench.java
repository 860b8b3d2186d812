/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.StreamCallback;
import org.junit.After;

/** The client of an instance with streams of a transport that tests steer. */
abstract class InstanceBench {
  final Bench bench = new Bench();
  final FakeTransport transport = bench.transport;
  final InstanceClient client = bench.client("camera");
  final List<String> received = new ArrayList<>();
  final StreamCallback callback = (peer, data) -> received.add(peer + ":" + text(data));

  @After
  public void close() {
    bench.register.close();
    assertEquals("every stream was closed", transport.opened.get(), transport.closed.get());
  }

  static String text(ByteBuffer data) {
    assertTrue(data.isReadOnly());
    return StandardCharsets.US_ASCII.decode(data).toString();
  }
}
