/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;
import java.util.Objects;

/**
 * One dimension of a vector or matrix sample (protocol section 3.4). A sample with several
 * dimensions is row-major: the last dimension varies fastest.
 */
public sealed interface Dimension {
  /** {@return what the dimension is, for example {@code "frequency"}; not empty} */
  String name();

  /** {@return the number of elements along this dimension, at least 1} */
  int size();

  /** {@return the unit of the dimension's own values, {@link Unit#NONE} for a plain index} */
  Unit unit();

  /**
   * {@return what element {@code index} stands for: a number in {@link #unit()}, or a label}
   *
   * @param index 0 to {@link #size()} - 1
   */
  Object valueAt(int index);

  /**
   * Value of element {@code i}: {@code start + delta * i}.
   *
   * @param name what the dimension is
   * @param start value of the first element
   * @param delta distance of neighbours
   * @param size number of elements
   * @param unit unit of the values
   */
  record Linear(String name, double start, double delta, int size, Unit unit) implements Dimension {
    /** Checks the size. */
    public Linear {
      checkSize(name, size);
    }

    @Override
    public Object valueAt(int index) {
      return start + delta * Objects.checkIndex(index, size);
    }
  }

  /**
   * Value of element {@code i}: {@code base ^ (start + delta * i)}.
   *
   * @param name what the dimension is
   * @param start exponent of the first element
   * @param delta distance of neighbouring exponents
   * @param base base of the power
   * @param size number of elements
   * @param unit unit of the values
   */
  record Log(String name, double start, double delta, double base, int size, Unit unit)
      implements Dimension {
    /** Checks the size. */
    public Log {
      checkSize(name, size);
    }

    @Override
    public Object valueAt(int index) {
      return Math.pow(base, start + delta * Objects.checkIndex(index, size));
    }
  }

  /**
   * Values listed one by one.
   *
   * @param name what the dimension is
   * @param values value or label of each element: numbers or strings
   * @param unit unit of the values
   */
  record Values(String name, List<Object> values, Unit unit) implements Dimension {
    /** Copies the list. */
    public Values {
      values = List.copyOf(values);
      checkSize(name, values.size());
    }

    @Override
    public int size() {
      return values.size();
    }

    @Override
    public Object valueAt(int index) {
      return values.get(index);
    }
  }

  private static void checkSize(String name, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("dimension " + name + ": size must be >= 1, not " + size);
    }
  }
}
