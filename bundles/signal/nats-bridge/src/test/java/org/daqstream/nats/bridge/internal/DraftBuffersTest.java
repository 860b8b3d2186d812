/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public final class DraftBuffersTest {
  @Test
  public void onlyWhoHasSomethingToSendHoldsMemory() {
    DraftBuffers buffers = new DraftBuffers();
    List<ByteBuffer> taken = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      taken.add(buffers.take(60_000));
    }
    assertEquals(65_536, taken.get(0).capacity());
    assertEquals(512, buffers.take(1).capacity());
    assertEquals(512, buffers.take(512).capacity());
    assertEquals(1_024, buffers.take(513).capacity());
    taken.forEach(buffers::give);
    assertEquals(4 << 20, buffers.spareBytes());
    ByteBuffer again = buffers.take(65_536);
    assertSame(taken.get(63), again);
    assertEquals((4 << 20) - 65_536, buffers.spareBytes());
  }
}
