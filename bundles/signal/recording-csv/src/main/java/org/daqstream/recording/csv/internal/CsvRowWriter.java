/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.NotesFile;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;

/** Writes a line for each row; what is not in the table is in the notes. */
final class CsvRowWriter implements RecordingWriter {
  private static final int FLUSH_CHARS = 1 << 16;

  private final WorkingFiles files;
  private final FileChannel channel;
  private final CsvTableLayout layout;
  private final Map<String, String> facts;
  private final List<RecordingHole> holes = new ArrayList<>();
  private final StringBuilder lines = new StringBuilder(FLUSH_CHARS * 2);
  private final int[] at;
  private long bytes;
  private long rows;
  private int notedHoles;
  private boolean isFailed;

  CsvRowWriter(WorkingFiles files, FileChannel channel, CsvTableLayout layout, RecordingPart part)
      throws IOException {
    this.files = files;
    this.channel = channel;
    this.layout = layout;
    facts = layout.facts(part);
    at = new int[layout.signals().size()];
    NotesFile.write(files.wal(), facts);
    lines.append(layout.header());
    flush();
    channel.force(true);
  }

  private void check() throws IOException {
    if (isFailed) {
      throw new IOException(files.part() + " failed before");
    }
  }

  @Override
  public void write(RowBlock block) throws IOException {
    check();
    for (int i = 0; i < at.length; i++) {
      ByteBuffer samples = block.samples(i);
      at[i] = samples == null ? 0 : samples.position();
    }
    rows += block.count();
    for (int row = 0; row < block.count(); row++) {
      line(block, row);
      if (lines.length() >= FLUSH_CHARS) {
        flush();
      }
    }
  }

  private void line(RowBlock block, int row) {
    long tick = block.tick(row);
    if (layout.clock() != null) {
      lines.append(layout.time(tick)).append(',');
    }
    lines.append(tick).append(',').append(block.row() + row);
    for (int i = 0; i < at.length; i++) {
      ByteBuffer samples = block.samples(i);
      int size = samples == null ? 0 : block.sampleBytes(i, row);
      layout.signals().get(i).write(lines, samples, at[i], size);
      at[i] += size;
    }
    lines.append('\n');
  }

  private void flush() throws IOException {
    isFailed = true;
    ByteBuffer out = UTF_8.encode(lines.toString());
    while (out.hasRemaining()) {
      bytes += channel.write(out);
    }
    lines.setLength(0);
    isFailed = false;
  }

  @Override
  public void hole(RecordingHole hole) {
    holes.add(hole);
  }

  @Override
  public void sync() throws IOException {
    check();
    flush();
    isFailed = true;
    channel.force(false);
    if (notedHoles < holes.size()) {
      notedHoles = holes.size();
      NotesFile.write(files.wal(), notes());
    }
    isFailed = false;
  }

  private Map<String, String> notes() {
    facts.put(RecordingFacts.HOLES, RecordingFacts.textOf(holes));
    return facts;
  }

  @Override
  public void finish() throws IOException {
    sync();
    isFailed = true; // nothing more is taken
    facts.put(CsvRowReader.ROWS, Long.toString(rows));
    NotesFile.write(CsvFormat.notes(files.file()), notes());
    files.finish();
    close();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // What was synced is on the disk.
    }
  }
}
