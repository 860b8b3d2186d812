/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.function.BooleanSupplier;

/**
 * Passes on what is told of a bucket, under a lock, while the connection lasts by which it comes.
 *
 * @param lock held while it is passed on
 * @param isWanted asked under the lock
 */
record GuardedWatcher(ImportWire.Watcher to, Object lock, BooleanSupplier isWanted)
    implements ImportWire.Watcher {
  private void ifWanted(Runnable step) {
    synchronized (lock) {
      if (isWanted.getAsBoolean()) {
        step.run();
      }
    }
  }

  @Override
  public void put(String key, byte[] text) {
    ifWanted(() -> to.put(key, text));
  }

  @Override
  public void removed(String key) {
    ifWanted(() -> to.removed(key));
  }

  @Override
  public void complete() {
    ifWanted(to::complete);
  }
}
