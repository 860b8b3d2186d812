/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

/** Why a module cannot be used, or has come to its end, in words for its log and status. */
final class ModuleFailure extends Exception {
  private static final long serialVersionUID = 1L;

  ModuleFailure(String reason) {
    super(reason);
  }
}
