/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.NotesFile;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;

/** Writes each row into the frame of its time; what frames cannot tell is in the notes. */
final class WaveWriter implements RecordingWriter {
  private static final int BUFFER_BYTES = 256 << 10;

  /** What is filled at most, where nothing was recorded. */
  private static final long FILLED_SECONDS = 3600;

  /** Reason of a hole: another sample is in the frame of its time. */
  private static final String NO_FRAME = "no frame";

  private final WorkingFiles files;
  private final FileChannel channel;
  private final WaveLayout layout;
  private final long riffLimit;
  private final long dataAt;
  private final int width;
  private final int frameBytes;
  private final FramePlaces places;
  private final List<RecordingHole> holes = new ArrayList<>();
  private final byte[] silentFrame;
  private byte[] buffer;
  private int filled;
  private long bufferFrame; // the first one in the buffer
  private boolean isFailed;

  WaveWriter(WorkingFiles files, FileChannel channel, WaveLayout layout, long riffLimit)
      throws IOException {
    this.files = files;
    this.channel = channel;
    this.layout = layout;
    this.riffLimit = riffLimit;
    width = layout.type().bytes();
    frameBytes = layout.frameBytes();
    places = new FramePlaces(layout.channels(), layout.deltaTicks());
    silentFrame = new byte[frameBytes];
    byte[] silence = layout.silence();
    for (int i = 0; i < layout.channels(); i++) {
      System.arraycopy(silence, 0, silentFrame, i * width, width);
    }
    buffer = new byte[Math.max(1, BUFFER_BYTES / frameBytes) * frameBytes];
    byte[] head = layout.head();
    dataAt = head.length;
    write(ByteBuffer.wrap(head), 0);
    NotesFile.write(files.wal(), notes());
    channel.force(true);
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  private void check() throws IOException {
    if (isFailed) {
      throw new IOException(files.part() + " failed before");
    }
  }

  @Override
  public void write(RowBlock rows) throws IOException {
    check();
    isFailed = true;
    if (places.anchors().isEmpty()) {
      places.anchor(0, rows.row(), rows.tick(0));
    }
    boolean isEven = rows.isOnLine() && rows.deltaTicks() == layout.deltaTicks();
    int step = isEven ? rows.count() : 1;
    for (int row = 0; row < rows.count(); row += step) {
      long frame = frameOf(rows.tick(row));
      if (frame >= places.frames()) {
        append(rows, row, step, frame);
      } else {
        for (int i = 0; i < step; i++) {
          insert(rows, row + i, frame + i);
        }
      }
    }
    isFailed = false;
  }

  /** The frame whose time is nearest. */
  private long frameOf(long tick) throws IOException {
    FramePlaces.Anchor first = places.anchors().get(0);
    try {
      long ticks = Math.subtractExact(tick, first.tick());
      return Math.floorDiv(Math.addExact(ticks, layout.deltaTicks() / 2), layout.deltaTicks());
    } catch (ArithmeticException e) {
      throw new IOException("time jumps from " + first.tick() + " to " + tick, e);
    }
  }

  private void append(RowBlock rows, int from, int count, long frame) throws IOException {
    if (frame - places.frames() > FILLED_SECONDS * layout.rate()) {
      throw new IOException(
          "%s: time jumps by more than an hour, which a WAV file would be silent"
              .formatted(files.file()));
    }
    for (long silent = places.frames(); silent < frame; silent++) {
      System.arraycopy(silentFrame, 0, buffer, room(), frameBytes);
    }
    long row = rows.row() + from;
    places.anchor(frame, row, rows.tick(from));
    for (int i = 0; i < count; i++) {
      int at = room();
      System.arraycopy(silentFrame, 0, buffer, at, frameBytes);
      for (int c = 0; c < layout.channels(); c++) {
        ByteBuffer samples = rows.samples(c);
        if (samples != null) {
          samples.get(samples.position() + (from + i) * width, buffer, at + c * width, width);
        }
      }
    }
    for (int c = 0; c < layout.channels(); c++) {
      if (rows.samples(c) != null) {
        places.put(c, frame, frame + count);
      }
    }
  }

  /** Where in the buffer the next frame goes. */
  private int room() throws IOException {
    if (filled == buffer.length) {
      flush();
    }
    int at = filled;
    filled += frameBytes;
    places.extend(places.frames() + 1);
    return at;
  }

  private void flush() throws IOException {
    write(ByteBuffer.wrap(buffer, 0, filled), dataAt + bufferFrame * frameBytes);
    bufferFrame += filled / frameBytes;
    filled = 0;
  }

  /** Puts samples that came late into a frame that is written already. */
  private void insert(RowBlock rows, int index, long frame) throws IOException {
    long row = rows.row() + index;
    long tick = rows.tick(index);
    for (int c = 0; c < layout.channels(); c++) {
      ByteBuffer samples = rows.samples(c);
      if (samples == null) {
        continue;
      }
      if (frame < 0 || !places.isAt(frame, row, tick) || places.isPresent(c, frame)) {
        String id = layout.part().signals().get(c).signalId();
        holes.add(
            new RecordingHole(id, NO_FRAME, row, row + 1, true, tick, tick + layout.deltaTicks()));
        continue;
      }
      int at = samples.position() + index * width;
      if (frame >= bufferFrame) {
        int place = (int) (frame - bufferFrame) * frameBytes + c * width;
        samples.get(at, buffer, place, width);
      } else {
        write(samples.slice(at, width), dataAt + frame * frameBytes + (long) c * width);
      }
      places.put(c, frame, frame + 1);
    }
  }

  @Override
  public void hole(RecordingHole hole) {
    holes.add(hole);
  }

  private Map<String, String> notes() {
    Map<String, String> notes = new TreeMap<>();
    notes.put(RecordingFacts.HOLES, RecordingFacts.textOf(holes));
    places.note(notes);
    return notes;
  }

  @Override
  public void sync() throws IOException {
    check();
    isFailed = true;
    flush();
    channel.force(false);
    NotesFile.write(files.wal(), notes());
    isFailed = false;
  }

  @Override
  public void finish() throws IOException {
    sync();
    isFailed = true; // nothing more is taken
    complete(channel, dataAt, frameBytes, places.frames(), notes(), riffLimit);
    files.finish();
    close();
  }

  /** Makes a file of what was written: notes behind the frames, sizes in front. */
  static void complete(
      FileChannel channel,
      long dataAt,
      int frameBytes,
      long frames,
      Map<String, String> notes,
      long riffLimit)
      throws IOException {
    long dataBytes = frames * frameBytes;
    channel.truncate(dataAt + dataBytes);
    ByteBuffer chunk = WaveLayout.notes(notes, (dataBytes & 1) == 1);
    long fileBytes = dataAt + dataBytes + chunk.remaining();
    long next = dataAt + dataBytes;
    while (chunk.hasRemaining()) {
      next += channel.write(chunk, next);
    }
    boolean isLarge = fileBytes - WaveLayout.CHUNK_HEAD_BYTES > riffLimit;
    ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    size.putInt((int) (isLarge ? WaveLayout.UNKNOWN_SIZE : dataBytes)).flip();
    channel.write(size, dataAt - Integer.BYTES);
    channel.write(WaveLayout.sizes(fileBytes, dataBytes, frames, riffLimit), 0);
    channel.force(true);
  }

  @Override
  public long bytes() {
    return dataAt + bufferFrame * frameBytes;
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
