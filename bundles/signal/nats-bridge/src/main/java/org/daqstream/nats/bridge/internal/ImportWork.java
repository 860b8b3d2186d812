/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.List;

/** What signals ask of their import. Under its lock; none of it waits. */
interface ImportWork {
  /** By {@link System#nanoTime}, or a test's clock. */
  long nanoTime();

  /** Whether a stream keeps data. */
  boolean canRead();

  /** Begins to hear a signal's data, if there is a connection; what is returned ends it. */
  Runnable subscribe(NatsSignal signal);

  /** Has the stream read for a signal. */
  void read(NatsSignal signal);

  /** Something that came of a signal is damaged, and left out. */
  void bad(NatsSignal signal, String why);

  /** Blocks of a signal wait, to be looked after. */
  void holds(NatsSignal signal);

  /** Has what is wanted said again, soon. */
  void wantsAgain();

  /** Has publishers asked whether they are there. */
  void ask(List<String> publishers);

  /** A signal's demand may have changed; by any thread, without the lock. */
  void demandChanged(NatsSignal signal);

  /** What is known of the last trouble with the connection, for the reason of a hole; or empty. */
  String trouble();
}
