/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * What of a signal has a recorder record.
 *
 * @param when how its samples are looked at
 * @param level that they are compared with, as a physical value
 * @param bit that is looked at, from 0
 */
record TriggerCondition(When when, double level, int bit) {
  /** Of a sample, or of two neighbours. */
  enum When {
    /** As long as samples are greater than the level. */
    ABOVE,
    /** As long as samples are less than the level. */
    BELOW,
    /** Where a sample is greater than the level and the one before was not. */
    RISING,
    /** Where a sample is less than the level and the one before was not. */
    FALLING,
    /** As long as a bit is set. */
    BIT
  }

  /** Whether it happens at a sample, and does not last. */
  boolean isEdge() {
    return when == When.RISING || when == When.FALLING;
  }

  /** Why it cannot be of a signal, empty when it can. */
  String refusal(SignalDescriptor signal) {
    ElementType type = typeOf(signal);
    boolean isNumber = type != null && type.slots() == 1 && signal.dimensions().isEmpty();
    if (!isNumber) {
      return "is no number of up to 64 bits";
    }
    boolean isReal = type == ElementType.REAL32 || type == ElementType.REAL64;
    if (when == When.BIT && (isReal || bit >= type.bytes() * Byte.SIZE)) {
      return "has no bit " + bit;
    }
    return "";
  }

  private static ElementType typeOf(SignalDescriptor signal) {
    boolean isBits = signal.dataType().equals(DataTypes.BIT_FIELD);
    return ElementType.of(isBits ? signal.bitFieldType() : signal.dataType());
  }

  /** Whether it is so for a sample, of which an edge is the beginning. */
  boolean holds(SignalDescriptor signal, ByteBuffer samples, int index) {
    ElementType type = typeOf(signal);
    int at = samples.position() + index * type.bytes();
    if (when == When.BIT) {
      return ((type.longAt(samples, at) >> bit) & 1) != 0;
    }
    double value = value(type, samples, at);
    PostScaling scaling = signal.postScaling();
    double physical = scaling == null ? value : scaling.scale() * value + scaling.offset();
    boolean isUp = when == When.ABOVE || when == When.RISING;
    return isUp ? physical > level : physical < level;
  }

  private static double value(ElementType type, ByteBuffer samples, int at) {
    if (type == ElementType.REAL32 || type == ElementType.REAL64) {
      return type.doubleAt(samples, at);
    }
    long raw = type.longAt(samples, at);
    boolean isLarge = type == ElementType.UINT64 && raw < 0;
    return isLarge ? (raw >>> 1) * 2.0 : raw;
  }

  /** For people. */
  @Override
  public String toString() {
    String what = when.name().toLowerCase(Locale.ROOT);
    return what + " " + (when == When.BIT ? Integer.toString(bit) : Double.toString(level));
  }
}
