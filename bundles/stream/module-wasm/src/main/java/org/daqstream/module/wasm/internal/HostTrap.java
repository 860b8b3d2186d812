/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.runtime.TrapException;

/** Ends a module that has called the host in a way that it must not, or whose time is over. */
final class HostTrap extends TrapException {
  private static final long serialVersionUID = 1L;

  HostTrap(String why) {
    super(why);
  }
}
