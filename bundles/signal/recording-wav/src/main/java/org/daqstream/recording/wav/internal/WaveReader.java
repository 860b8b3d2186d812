/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/** Reads frames as the rows that they were; of others' files each channel is a signal. */
final class WaveReader implements RecordingReader {
  private static final int BLOCK_ROWS = 4096;
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int PCM = 1;
  private static final int FLOAT = 3;

  /** Fact of files that have less than they promise. */
  private static final String CUT_OFF = "daqstream.cutOff";

  private final Path file;
  private final FileChannel channel;
  private final RecordingPart part;
  private final List<RecordingHole> holes;
  private final Map<String, String> facts = new TreeMap<>();
  private final FramePlaces places;
  private final long deltaTicks;
  private final long dataAt;
  private final int storedWidth;
  private final int width;
  private final int frameBytes;
  private final Block block;
  private final boolean isStrict;
  private String lack = ""; // what is missing at the end, in words
  private long next; // frame

  /**
   * At the beginning.
   *
   * @param isStrict whether what is missing at the end is an error there
   */
  WaveReader(Path file, boolean isStrict) throws IOException {
    this.file = file;
    this.isStrict = isStrict;
    channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      WaveChunks chunks = new WaveChunks(channel, false);
      boolean isOwn = chunks.has(WaveLayout.OWN_CHUNK) && chunks.has(WaveLayout.NOTES_CHUNK);
      long[] format = chunks.format();
      int channels = (int) format[1];
      storedWidth = (int) format[3] / Byte.SIZE;
      width = storedWidth == 3 ? Integer.BYTES : storedWidth;
      frameBytes = channels * storedWidth;
      dataAt = chunks.dataAt();
      if (frameBytes == 0) {
        throw new IOException("has no channels");
      }
      findLack(chunks, isOwn);
      part = isOwn ? own(chunks, channels) : others(format, facts);
      block = new Block(channels);
      deltaTicks = ((Rule.Linear) part.domain().rule()).deltaTicks();
      places = new FramePlaces(channels, deltaTicks);
      if (isOwn) {
        places.read(facts);
        holes = RecordingFacts.holes(facts);
      } else {
        holes = List.of();
        allPlaces(channels, chunks.dataBytes() / frameBytes);
      }
      if (places.frames() > chunks.dataBytes() / frameBytes) {
        throw new IOException("is cut off: " + places.frames() + " frames are not there");
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException(file + ": " + (e instanceof IOException ? e.getMessage() : e), e);
    }
  }

  private void findLack(WaveChunks chunks, boolean isOwn) throws IOException {
    long missing = chunks.missingBytes();
    long frames = (missing + frameBytes - 1) / frameBytes;
    if (missing > 0) {
      lack =
          "is cut off: %s of %s frames, the last %s bytes, are missing"
              .formatted(frames, (chunks.dataBytes() + missing) / frameBytes, missing);
    } else if (chunks.dataBytes() % frameBytes != 0) {
      lack = "is cut off: its last frame is not whole";
    } else if (chunks.has(WaveLayout.OWN_CHUNK) && !isOwn) {
      lack = "is cut off behind its frames: which rows they are and what is missing is gone";
    }
    if (!lack.isEmpty()) {
      facts.put(CUT_OFF, "it " + lack);
    }
  }

  private RecordingPart own(WaveChunks chunks, int channels) throws IOException {
    facts.putAll(chunks.facts(WaveLayout.OWN_CHUNK));
    Map<String, String> notes = chunks.facts(WaveLayout.NOTES_CHUNK);
    facts.putAll(notes);
    Map<String, String> described = new TreeMap<>(facts);
    described.keySet().removeIf(key -> key.startsWith("daqstream.wav."));
    RecordingPart recorded = RecordingFacts.part(described);
    WaveLayout layout = WaveLayout.of(recorded);
    if (layout.channels() != channels || layout.type().bytes() != storedWidth) {
      throw new IOException("has other channels than it says of them");
    }
    return recorded;
  }

  private static RecordingPart others(long[] format, Map<String, String> facts) throws IOException {
    String type =
        switch ((int) format[0] << Byte.SIZE | (int) format[3]) {
          case PCM << Byte.SIZE | 8 -> DataTypes.UINT8;
          case PCM << Byte.SIZE | 16 -> DataTypes.INT16;
          case PCM << Byte.SIZE | 24, PCM << Byte.SIZE | 32 -> DataTypes.INT32;
          case FLOAT << Byte.SIZE | 32 -> DataTypes.REAL32;
          case FLOAT << Byte.SIZE | 64 -> DataTypes.REAL64;
          default ->
              throw new IOException(
                  "has samples of format %s with %s bits; PCM of 8 to 32 and float are read"
                      .formatted(format[0], format[3]));
        };
    SignalDescriptor domain =
        SignalDescriptor.value("time", DataTypes.INT64)
            .unit(Unit.SECOND)
            .resolution(new Resolution(1, format[2]))
            .rule(new Rule.Linear(1))
            .build();
    List<SignalDescriptor> signals = new ArrayList<>();
    for (int i = 0; i < format[1]; i++) {
      signals.add(SignalDescriptor.value(Integer.toString(i), type).build());
    }
    facts.put("rate", format[2] + " Hz");
    return new RecordingPart(domain, signals, facts);
  }

  private void allPlaces(int channels, long frames) {
    places.extend(frames);
    places.anchor(0, 0, 0);
    for (int i = 0; i < channels && frames > 0; i++) {
      places.put(i, 0, frames);
    }
  }

  /** All that the file says of itself. */
  Map<String, String> facts() {
    return facts;
  }

  @Override
  public RecordingPart part() {
    return part;
  }

  @Override
  public List<RecordingHole> holes() {
    return holes;
  }

  @Override
  public RowBlock next() throws IOException {
    int channels = part.signals().size();
    while (next < places.frames()) {
      long end = Math.min(next + BLOCK_ROWS, places.anchorBehind(next));
      end = Math.min(end, next + Math.max(1, BLOCK_BYTES / frameBytes));
      boolean isAnyPresent = false;
      for (int c = 0; c < channels; c++) {
        boolean isPresent = places.isPresent(c, next);
        block.samples[c] = isPresent ? ByteBuffer.allocate(0) : null;
        isAnyPresent |= isPresent;
        end = Math.min(end, places.changeBehind(c, next));
      }
      if (isAnyPresent) {
        read((int) (end - next));
        next = end;
        return block;
      }
      next = end;
    }
    if (isStrict && !lack.isEmpty()) {
      throw new IOException(file + ": " + lack);
    }
    return null;
  }

  @Override
  public double readRatio() {
    return places.frames() == 0 ? 1 : (double) next / places.frames();
  }

  private void read(int count) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(count * frameBytes);
    while (in.hasRemaining()) {
      if (channel.read(in, dataAt + next * frameBytes + in.position()) < 0) {
        throw new IOException(file + ": is cut off at frame " + next);
      }
    }
    byte[] frames = in.array();
    int shift = width - storedWidth;
    for (int c = 0; c < block.samples.length; c++) {
      if (block.samples[c] != null) {
        byte[] target = new byte[count * width];
        for (int i = 0; i < count; i++) {
          int from = i * frameBytes + c * storedWidth;
          System.arraycopy(frames, from, target, i * width + shift, storedWidth);
        }
        block.samples[c] = ByteBuffer.wrap(target);
      }
    }
    block.count = count;
    block.row = places.rowOf(next);
    block.tick = places.tickOf(next);
  }

  @Override
  public void seek(long tick) throws IOException {
    List<FramePlaces.Anchor> anchors = places.anchors();
    for (FramePlaces.Anchor each : anchors) {
      long end = places.anchorBehind(each.frame());
      long frame = each.frame();
      if (tick > each.tick()) {
        double ahead = Math.ceil(((double) tick - each.tick()) / deltaTicks);
        if (ahead > end - each.frame()) {
          continue;
        }
        frame += -Math.floorDiv(each.tick() - tick, deltaTicks);
      }
      if (frame < end) {
        next = frame;
        return;
      }
    }
    next = places.frames();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read.
    }
  }

  /** The rows that were read last. */
  private final class Block implements RowBlock {
    private final ByteBuffer[] samples;
    private long row;
    private int count;
    private long tick;

    Block(int channels) {
      samples = new ByteBuffer[channels];
    }

    @Override
    public long row() {
      return row;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public boolean isOnLine() {
      return true;
    }

    @Override
    public long deltaTicks() {
      return deltaTicks;
    }

    @Override
    public long tick(int index) {
      return tick + index * deltaTicks;
    }

    @Override
    public ByteBuffer samples(int column) {
      return samples[column];
    }

    @Override
    public int sampleBytes(int column, int index) {
      return width;
    }
  }
}
