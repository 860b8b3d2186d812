/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import org.apache.parquet.format.Type;

/** Places in a dictionary, as others write them. */
final class DictionaryValues implements PageValues {
  /** What the places mean. */
  static final class Dictionary {
    private final int size;
    private final long[] numbers;
    private final Bytes bytes = new Bytes();
    private final int[] ends;
    private int largest;

    Dictionary(byte[] data, int from, int to, int size, FileLeaf column) throws IOException {
      if (size < 0 || size > to - from) {
        throw new IOException("a dictionary of %s values in %s bytes".formatted(size, to - from));
      }
      this.size = size;
      Type type = column.type();
      boolean isBytes = type == Type.BYTE_ARRAY || type == Type.FIXED_LEN_BYTE_ARRAY;
      PlainValues values = new PlainValues(data, from, to, type, column.typeLength());
      numbers = new long[isBytes ? 0 : size];
      ends = new int[isBytes ? size : 0];
      if (!isBytes) {
        values.longs(numbers, 0, size);
      }
      for (int i = 0; i < ends.length; i++) {
        int before = bytes.size();
        values.bytes(bytes);
        ends[i] = bytes.size();
        largest = Math.max(largest, ends[i] - before);
      }
    }
  }

  private final Dictionary dictionary;
  private final RunReader places = new RunReader();

  DictionaryValues(Dictionary dictionary, byte[] data, int from, int to) throws IOException {
    if (dictionary == null) {
      throw new IOException("places in a dictionary that is not there");
    }
    this.dictionary = dictionary;
    places.set(data, Math.min(to, from + 1), to, from < to ? data[from] : 0);
  }

  private int place() throws IOException {
    int place = places.next();
    if (place < 0 || place >= dictionary.size) {
      throw new IOException("place " + place + " of a dictionary of " + dictionary.size);
    }
    return place;
  }

  @Override
  public void longs(long[] target, int from, int count) throws IOException {
    if (dictionary.ends.length > 0) {
      throw PageValues.misfit();
    }
    for (int i = 0; i < count; i++) {
      target[from + i] = dictionary.numbers[place()];
    }
  }

  @Override
  public void bytes(Bytes target) throws IOException {
    int place = place();
    if (dictionary.ends.length == 0) {
      throw PageValues.misfit();
    }
    int from = place == 0 ? 0 : dictionary.ends[place - 1];
    target.write(dictionary.bytes.array(), from, dictionary.ends[place] - from);
  }

  @Override
  public void skip(int count) throws IOException {
    places.skip(count);
  }

  @Override
  public int largest() {
    return dictionary.largest;
  }
}
