/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;

/** A table of functions that does not grow beyond what a module may have. */
final class BoundedTable extends TableInstance {
  private static final int REFUSED = -1;

  BoundedTable(Table table, int initialValue) {
    super(table, initialValue);
  }

  @Override
  public int grow(int size, int value, Instance instance) {
    boolean fits = size >= 0 && size() + (long) size <= ModuleCheck.TABLE_LIMIT;
    return fits ? super.grow(size, value, instance) : REFUSED;
  }
}
