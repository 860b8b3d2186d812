/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.daqstream.recording.parquet.internal.DictionaryValues.Dictionary;

/** Where in a column of a row group one is. Rows are alike when all are there, or none is. */
final class ColumnCursor {
  private final FileLeaf column;
  private final int elements;
  private final byte[] pattern;
  private final PageReader pages;
  private final RunReader definitions = new RunReader();
  private final RunReader repetitions = new RunReader();
  private Dictionary dictionary;
  private PageValues values;
  private long left; // levels in pages that were not begun
  private int pageLeft; // levels of the page
  private long toSkip; // rows
  private boolean isPresent;

  /**
   * At the beginning.
   *
   * @param leaf how many values there are in a sample
   */
  ColumnCursor(FileChannel channel, FileLeaf column, Leaf leaf, ColumnMetaData meta, long fileBytes)
      throws IOException {
    this.column = column;
    elements = leaf.elements();
    pattern = leaf.repetitionPattern();
    pages = new PageReader(channel, meta, fileBytes);
    left = meta.getNum_values();
    if (meta.getType() != column.type()) {
      throw new IOException("is of type " + meta.getType() + " in a row group");
    }
  }

  /** The same, with the name of the column. */
  IOException failure(Exception e) {
    String why = e instanceof IOException ? e.getMessage() : "cannot be understood: " + e;
    return new IOException("column '%s': %s".formatted(column.name(), why), e);
  }

  /** How many levels there are before the next page. */
  private int ensure() throws IOException {
    while (toSkip > 0 || pageLeft == 0) {
      if (pageLeft == 0) {
        nextPage();
      } else {
        skipNow((int) Math.min(toSkip, pageLeft));
      }
    }
    return pageLeft;
  }

  private void nextPage() throws IOException {
    PageHeader header = pages.next();
    if (header == null) {
      throw new IOException("has fewer values than the row group has rows");
    }
    switch (header.getType()) {
      case DICTIONARY_PAGE -> {
        PageReader.Body body = pages.body(0, true);
        int count = header.getDictionary_page_header().getNum_values();
        dictionary = new Dictionary(body.data(), body.from(), body.end(), count, column);
      }
      case DATA_PAGE -> begin(header.getData_page_header());
      case DATA_PAGE_V2 -> begin(header.getData_page_header_v2());
      default -> {} // an index: nothing that is needed
    }
  }

  private void count(int count) throws IOException {
    if (count < 0 || count > left) {
      throw new IOException("a page of " + count + " values where " + left + " are left");
    }
    left -= count;
    pageLeft = count;
  }

  private void begin(DataPageHeaderV2 header) throws IOException {
    count(header.getNum_values());
    if (column.maxRepetition() == 0 && toSkip >= pageLeft) {
      toSkip -= pageLeft; // not even decompressed
      pageLeft = 0;
      return;
    }
    int repetitionBytes = header.getRepetition_levels_byte_length();
    int definitionBytes = header.getDefinition_levels_byte_length();
    if (repetitionBytes < 0 || definitionBytes < 0) {
      throw new IOException("levels of " + repetitionBytes + " and " + definitionBytes + " bytes");
    }
    PageReader.Body body = pages.body(repetitionBytes + definitionBytes, header.isIs_compressed());
    int middle = body.levelsFrom() + repetitionBytes;
    repetitions.set(body.levels(), body.levelsFrom(), middle, widthOf(column.maxRepetition()));
    definitions.set(
        body.levels(), middle, middle + definitionBytes, widthOf(column.maxDefinition()));
    values(header.getEncoding(), body.data(), body.values(), body.end());
  }

  private void begin(DataPageHeader header) throws IOException {
    count(header.getNum_values());
    if (column.maxRepetition() == 0 && toSkip >= pageLeft) {
      toSkip -= pageLeft;
      pageLeft = 0;
      return;
    }
    PageReader.Body body = pages.body(0, true);
    int at = levels(repetitions, header.getRepetition_level_encoding(), body, body.from(), true);
    at = levels(definitions, header.getDefinition_level_encoding(), body, at, false);
    values(header.getEncoding(), body.data(), at, body.end());
  }

  private int levels(
      RunReader target, Encoding encoding, PageReader.Body body, int at, boolean isRepetition)
      throws IOException {
    int max = isRepetition ? column.maxRepetition() : column.maxDefinition();
    if (max == 0) {
      return at;
    }
    int bytes = body.end() - at < Integer.BYTES ? -1 : (int) PageValues.INTS.get(body.data(), at);
    int from = at + Integer.BYTES;
    if (encoding != Encoding.RLE || bytes < 0 || bytes > body.end() - from) {
      throw new IOException("levels in %s of %s bytes".formatted(encoding, bytes));
    }
    target.set(body.data(), from, from + bytes, widthOf(max));
    return from + bytes;
  }

  private void values(Encoding encoding, byte[] data, int from, int to) throws IOException {
    values =
        OtherValues.of(encoding, column.type(), column.typeLength(), dictionary, data, from, to);
  }

  private static int widthOf(int max) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(max);
  }

  private boolean isLevelPresent() throws IOException {
    return column.maxDefinition() == 0 || definitions.peek() == column.maxDefinition();
  }

  private int alikeLevels(int limit) throws IOException {
    return column.maxDefinition() == 0 ? limit : definitions.alike(limit);
  }

  /** How many of the next rows are alike, at most so many; {@link #isPresent} says how. */
  int alike(int limit) throws IOException {
    int most = ensure();
    isPresent = isLevelPresent();
    if (!isPresent) {
      return alikeLevels(Math.min(limit, most));
    }
    long levels = Math.min(most, (long) limit * elements);
    int rows = alikeLevels((int) levels) / elements;
    int largest = Math.max(1, values.largest());
    return Math.max(1, Math.min(rows, SignalCursor.BLOCK_BYTES / largest));
  }

  boolean isPresent() {
    return isPresent;
  }

  /** Passes levels of values that are there. */
  private void pass(int count, int element) throws IOException {
    for (int rest = column.maxDefinition() == 0 ? 0 : count; rest > 0; ) {
      int n = definitions.alike(rest);
      if (definitions.peek() != column.maxDefinition()) {
        throw new IOException("has a list in which something is missing");
      }
      definitions.skip(n);
      rest -= n;
    }
    for (int i = 0; column.maxRepetition() > 0 && i < count; i++) {
      if (repetitions.next() != pattern[(element + i) % elements]) {
        throw new IOException("has lists of other sizes than " + elements + " elements");
      }
    }
    pageLeft -= count;
  }

  /** The bits of the values of some rows that are alike and there. */
  void longs(long[] target, int rows) throws IOException {
    int count = rows * elements;
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, ensure());
      pass(n, done);
      values.longs(target, done, n);
      done += n;
    }
  }

  /** The same as they are in the file, {@code null} when they cannot be had so. */
  ByteBuffer slice(int rows) throws IOException {
    int count = rows * elements;
    if (ensure() < count) {
      return null;
    }
    ByteBuffer slice = values.slice(count);
    if (slice != null) {
      pass(count, 0);
    }
    return slice;
  }

  /** Appends a value of any size. */
  void bytes(Bytes target) throws IOException {
    ensure();
    pass(1, 0);
    values.bytes(target);
  }

  /** Passes rows that are missing. */
  void passMissing(int rows) throws IOException {
    definitions.skip(rows);
    for (int i = 0; column.maxRepetition() > 0 && i < rows; i++) {
      if (repetitions.next() != 0) {
        throw new IOException("has a list in which something is missing");
      }
    }
    pageLeft -= rows;
  }

  /** Goes on behind some rows; pages are passed when something is read. */
  void skip(long rows) {
    toSkip += rows;
  }

  private void skipNow(int limit) throws IOException {
    boolean isThere = isLevelPresent();
    if (!isThere) {
      int n = alikeLevels(limit);
      passMissing(n);
      toSkip -= n;
      return;
    }
    int n = Math.min(limit, alikeLevels(Math.min(limit, pageLeft)));
    if (elements == 1) {
      pass(n, 0);
      values.skip(n);
      toSkip -= n;
      return;
    }
    toSkip--;
    long rest = toSkip;
    toSkip = 0; // or it would be done again
    for (int done = 0; done < elements; ) {
      int m = Math.min(elements - done, ensure());
      pass(m, done);
      values.skip(m);
      done += m;
    }
    toSkip = rest;
  }
}
