/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Makes the samples of a block of a {@link Rule.LinearValue} from its first one. For one thread at
 * a time; allocates nothing for blocks no larger than those before.
 */
final class LineSamples {
  /** Of a block that costs its publisher one sample; bounds what it can make of it. */
  static final int LIMIT_SAMPLES = 1 << 22;

  private final String signalId;
  private final ElementType type;
  private final Rule.LinearValue line;
  private Object block; // array of the type

  private LineSamples(SignalDescriptor descriptor, Rule.LinearValue line) {
    this.signalId = descriptor.signalId();
    this.type = ElementType.of(descriptor.dataType());
    this.line = line;
    this.block = type.newArray(0);
  }

  /** For a signal of the rule; {@code null} for others. */
  static LineSamples of(SignalDescriptor descriptor) {
    return descriptor.rule() instanceof Rule.LinearValue line
        ? new LineSamples(descriptor, line)
        : null;
  }

  /** How many of the samples of a block the publisher must give. */
  int given(int count) {
    if (count > LIMIT_SAMPLES) {
      throw new IllegalArgumentException(
          ("signal %s: block of %s samples is longer than the %s of rule LinearValue: write "
                  + "smaller blocks")
              .formatted(signalId, count, LIMIT_SAMPLES));
    }
    return Math.min(count, 1);
  }

  /**
   * The samples of a block as an array of the type, at the same offset as the given one in its
   * array or buffer; good until the next call, and perhaps longer than the block.
   */
  Object expand(Object given, int offset, int count) {
    int end = Math.addExact(offset, count);
    if (type.lengthOf(block) < end) {
      block = type.newArray(end);
    }
    if (type.isReal()) {
      fill(realAt(given, offset), offset, end);
    } else {
      fill(integerAt(given, offset), offset, end);
    }
    return block;
  }

  private void fill(double start, int offset, int end) {
    if (block instanceof double[] reals) {
      for (int i = offset; i < end; i++) {
        reals[i] = line.valueAt(start, i - offset);
      }
    } else if (block instanceof float[] reals) {
      for (int i = offset; i < end; i++) {
        reals[i] = (float) line.valueAt(start, i - offset);
      }
    }
  }

  private void fill(long start, int offset, int end) {
    if (block instanceof long[] integers) {
      for (int i = offset; i < end; i++) {
        integers[i] = line.valueAt(start, i - offset);
      }
    } else if (block instanceof int[] integers) {
      for (int i = offset; i < end; i++) {
        integers[i] = (int) line.valueAt(start, i - offset);
      }
    } else if (block instanceof short[] integers) {
      for (int i = offset; i < end; i++) {
        integers[i] = (short) line.valueAt(start, i - offset);
      }
    } else if (block instanceof byte[] integers) {
      for (int i = offset; i < end; i++) {
        integers[i] = (byte) line.valueAt(start, i - offset);
      }
    }
  }

  private double realAt(Object given, int offset) {
    if (given instanceof double[] reals) {
      return reals[offset];
    }
    return given instanceof float[] reals
        ? reals[offset]
        : type.doubleAt(carried(given), at(given, offset));
  }

  private long integerAt(Object given, int offset) {
    if (given instanceof long[] integers) {
      return integers[offset];
    }
    if (given instanceof int[] integers) {
      return integers[offset];
    }
    if (given instanceof short[] integers) {
      return integers[offset];
    }
    return given instanceof byte[] integers
        ? integers[offset]
        : type.longAt(carried(given), at(given, offset));
  }

  private ByteBuffer carried(Object given) {
    if (given instanceof ByteBuffer samples) {
      return samples;
    }
    throw new IllegalArgumentException(
        "signal %s: rule LinearValue takes a primitive array or ByteBuffer, not %s"
            .formatted(signalId, given.getClass().getSimpleName()));
  }

  private int at(Object given, int offset) {
    return carried(given).position() + offset * type.bytes();
  }
}
