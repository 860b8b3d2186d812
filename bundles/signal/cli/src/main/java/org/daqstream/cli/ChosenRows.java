/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.recording.api.RowBlock;

/** Some columns of some rows of a block. */
final class ChosenRows implements RowBlock {
  private final int[] columns;
  private final List<ByteBuffer> samples = new ArrayList<>();
  private RowBlock of;
  private int from;
  private int count;

  ChosenRows(int[] columns) {
    this.columns = columns;
  }

  /** Whether there is anything in it. */
  boolean set(RowBlock block, int newFrom, int newCount) {
    of = block;
    from = newFrom;
    count = newCount;
    samples.clear();
    boolean isAny = false;
    for (int column : columns) {
      ByteBuffer all = block.samples(column);
      samples.add(all == null ? null : part(column, all));
      isAny |= all != null;
    }
    return isAny;
  }

  private ByteBuffer part(int column, ByteBuffer all) {
    int begin = all.position();
    for (int i = 0; i < from; i++) {
      begin += of.sampleBytes(column, i);
    }
    int size = 0;
    for (int i = from; i < from + count; i++) {
      size += of.sampleBytes(column, i);
    }
    return all.slice(begin, size);
  }

  long samples() {
    return samples.stream().filter(each -> each != null).count() * count;
  }

  @Override
  public long row() {
    return of.row() + from;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean isOnLine() {
    return of.isOnLine();
  }

  @Override
  public long deltaTicks() {
    return of.deltaTicks();
  }

  @Override
  public long tick(int index) {
    return of.tick(from + index);
  }

  @Override
  public ByteBuffer samples(int column) {
    return samples.get(column);
  }

  @Override
  public int sampleBytes(int column, int index) {
    return of.sampleBytes(columns[column], from + index);
  }
}
