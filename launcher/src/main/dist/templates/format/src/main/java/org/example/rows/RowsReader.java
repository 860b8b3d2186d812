/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.SingleRowReader;

/** Reads a finished file, once for its facts, then row by row. */
final class RowsReader extends SingleRowReader {
  private final Path file;
  private final Map<String, String> facts;
  private Records records;

  static RowsReader open(Path file) throws IOException {
    try (Records records = new Records(file)) {
      Map<String, String> facts = records.facts();
      if (records.end() < Files.size(file) || !RecordingFacts.isOwn(facts)) {
        throw new IOException(file + ": is broken at byte " + records.end());
      }
      return new RowsReader(file, facts);
    }
  }

  private RowsReader(Path file, Map<String, String> facts) throws IOException {
    super(RecordingFacts.part(facts), RecordingFacts.holes(facts));
    this.file = file;
    this.facts = facts;
    records = new Records(file);
  }

  /** All that is written about the rows. */
  Map<String, String> facts() {
    return facts;
  }

  @Override
  protected void rewind() throws IOException {
    records.close();
    records = new Records(file);
  }

  @Override
  protected Row read() throws IOException {
    ByteBuffer body = records.next();
    while (body != null && body.get() != Records.ROW) {
      body = records.next();
    }
    if (body == null) {
      return null;
    }
    long row = body.getLong();
    long tick = body.getLong();
    List<ByteBuffer> samples = new ArrayList<>();
    for (int i = 0; i < part().signals().size(); i++) {
      int size = body.getInt();
      samples.add(size == RowsWriter.MISSING ? null : body.slice(body.position(), size));
      body.position(body.position() + Math.max(0, size));
    }
    return new Row(row, tick, samples);
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
