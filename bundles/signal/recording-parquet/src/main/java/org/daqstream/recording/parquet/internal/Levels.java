/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

/** Definition and repetition levels, in Parquet's hybrid of runs and packed bits. */
final class Levels {
  private Levels() {}

  private static int widthOf(int max) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(max);
  }

  /** Whether each value is there; levels are small, so one byte holds one. */
  static void definition(Bytes out, Presence presence, int fromRow, int toRow, Leaf leaf) {
    presence.each(
        fromRow,
        toRow,
        (count, isThere) -> {
          out.putVarint((long) (isThere ? count * leaf.elements() : count) << 1);
          out.write(isThere ? leaf.maxDefinition() : 0);
        });
  }

  /** Where lists begin: the pattern of a sample for each that is there. */
  static void repetition(Bytes out, Presence presence, int fromRow, int toRow, Leaf leaf) {
    Packer packer = new Packer(out, widthOf(leaf.maxRepetition()));
    int[] values = {0};
    presence.each(
        fromRow, toRow, (count, isThere) -> values[0] += isThere ? count * leaf.elements() : count);
    out.putVarint((((values[0] + 7L) / Byte.SIZE) << 1) | 1);
    byte[] pattern = leaf.repetitionPattern();
    presence.each(
        fromRow,
        toRow,
        (count, isThere) -> {
          for (int i = 0; i < count; i++) {
            for (int j = 0; j < (isThere ? pattern.length : 1); j++) {
              packer.add(pattern[j]);
            }
          }
        });
    packer.end();
  }

  /** Packs bits in groups of eight values. */
  private static final class Packer {
    private final Bytes out;
    private final int width;
    private long word;
    private int values;

    Packer(Bytes out, int width) {
      this.out = out;
      this.width = width;
    }

    void add(int level) {
      word |= (long) level << (values * width);
      if (++values == Byte.SIZE) {
        for (int i = 0; i < width; i++) {
          out.write((int) (word >>> (i * Byte.SIZE)));
        }
        word = 0;
        values = 0;
      }
    }

    void end() {
      while (values > 0) {
        add(0);
      }
    }
  }
}
