/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.SignalDescriptor;

/** What a reader of recordings gives, for the tests of formats. */
public final class RecordedSamples {
  private RecordedSamples() {}

  /** {@return what {@link #rest} calls a sample} */
  public static String key(String signalId, long row, long tick) {
    return signalId + "@" + row + "@" + tick;
  }

  /** {@return the row in a {@link #key}} */
  public static long rowOf(String key) {
    String[] words = key.split("@", -1);
    return Long.parseLong(words[words.length - 2]);
  }

  /** {@return the tick in a {@link #key}} */
  public static long tickOf(String key) {
    return Long.parseLong(key.substring(key.lastIndexOf('@') + 1));
  }

  /**
   * {@return the bytes of all samples from where the reader is to its end; none twice, and as many
   * as the blocks say}
   */
  public static Map<String, ByteBuffer> rest(RecordingReader reader) throws IOException {
    Map<String, ByteBuffer> all = new HashMap<>();
    List<SignalDescriptor> signals = reader.part().signals();
    for (RowBlock block = reader.next(); block != null; block = reader.next()) {
      for (int s = 0; s < signals.size(); s++) {
        ByteBuffer samples = block.samples(s);
        int at = samples == null ? 0 : samples.position();
        for (int i = 0; samples != null && i < block.count(); i++) {
          int size = block.sampleBytes(s, i);
          String key = key(signals.get(s).signalId(), block.row() + i, block.tick(i));
          ByteBuffer copy = ByteBuffer.allocate(size).put(samples.slice(at, size)).flip();
          assertNull(key + " is there twice", all.put(key, copy));
          at += size;
        }
        assertEquals("end of a block", samples == null ? 0 : samples.limit(), at);
      }
    }
    return all;
  }

  /** {@return what a reader finds wrong, without the name of the file; empty for nothing} */
  public static String wrong(RecordingReader opened) {
    try (RecordingReader reader = opened) {
      while (reader.next() != null) {}
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).replaceFirst("^\\S+: ", "");
    }
  }
}
