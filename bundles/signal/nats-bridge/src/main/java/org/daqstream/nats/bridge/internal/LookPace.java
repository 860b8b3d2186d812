/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/**
 * How often publishers and imports look after what nobody tells them.
 *
 * @param lookMs for what changes in the runtime, and for silence
 * @param retryMs for what failed at the server
 * @param storeMs for what is kept at the server
 */
record LookPace(long lookMs, long retryMs, long storeMs) {
  static final LookPace NORMAL = new LookPace(1_000, 2_000, 5_000);
}
