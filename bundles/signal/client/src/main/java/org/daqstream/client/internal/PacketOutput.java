/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;

/** Where packets of this side go, each in a message of its own. Never waits; for any thread. */
interface PacketOutput {
  /** Has a metadata packet sent; false when too much waits already. */
  boolean message(byte[] packet);

  /** Has packets sent one behind the other; false, and none is, when too much waits already. */
  boolean data(Iterable<ByteBuffer> packets);

  /** Gives the connection up: what must be told could not be. */
  void abort();
}
