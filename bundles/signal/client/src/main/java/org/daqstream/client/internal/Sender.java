/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import org.daqstream.protocol.Metadata;

/** Sends commands on a connection. For any thread. */
interface Sender {
  /** Sends a message of the session; false when the other side has not read for long. */
  boolean send(Metadata message);

  /** Whether commands may go another way, by HTTP to where the other side says. */
  boolean mayPost();
}
