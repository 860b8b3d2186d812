/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.Buffer;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Typed views of the buffer that a sink hands over for encoding. A view takes a whole block in one
 * copy, which is several times as fast as element by element, but making one allocates. So views
 * are kept, one for each alignment of elements in the buffer, as long as the buffer is the same
 * object, and not made at all for buffers that change with every block.
 *
 * @param <V> kind of view, for example {@link java.nio.DoubleBuffer}
 */
final class TargetViews<V extends Buffer> {
  /** Below this many elements the loop is as fast. */
  private static final int BULK_ELEMENTS = 16;

  private final int elementBytes;
  private final Function<ByteBuffer, V> newView;
  private final Object[] views;
  private ByteBuffer target;
  private ByteBuffer previous;

  TargetViews(int elementBytes, Function<ByteBuffer, V> newView) {
    this.elementBytes = elementBytes;
    this.newView = newView;
    views = new Object[elementBytes];
  }

  /**
   * The view to copy a block through: its first element is element {@code position / elementBytes}.
   * The view knows nothing of the target's limit.
   *
   * @return the view, or {@code null} when the block is better put by a loop
   * @throws BufferOverflowException when the target has no room for the block
   */
  @SuppressWarnings("ReferenceEquality") // the same memory is meant, not equal bytes
  V viewFor(ByteBuffer block, int elementCount) {
    if (elementCount < BULK_ELEMENTS) {
      return null;
    }
    if (elementCount > block.remaining() / elementBytes) {
      throw new BufferOverflowException();
    }
    if (block != target) {
      if (block != previous) {
        previous = block;
        return null;
      }
      target = block;
      Arrays.fill(views, null);
    }
    int alignment = block.position() % elementBytes;
    if (views[alignment] == null) {
      ByteBuffer whole = block.duplicate().clear().position(alignment);
      views[alignment] = newView.apply(whole.order(ByteOrder.LITTLE_ENDIAN));
    }
    @SuppressWarnings("unchecked") // only newView puts something there
    V view = (V) views[alignment];
    return view;
  }
}
