/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told when somebody's rights may be others than before; any thread. */
public final class Changes {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public void add(Runnable listener) {
    listeners.add(listener);
  }

  public void remove(Runnable listener) {
    listeners.remove(listener);
  }

  /** Tells all of them, with no lock held. */
  public void tell() {
    listeners.forEach(Runnable::run);
  }
}
