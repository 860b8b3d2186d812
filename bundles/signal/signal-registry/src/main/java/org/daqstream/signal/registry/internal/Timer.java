/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

/** Runs short tasks after a while. */
interface Timer {
  /** Runs a task later; what it returns takes it back. */
  Runnable after(long delayMs, Runnable task);
}
