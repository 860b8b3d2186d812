/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Builds WAV files chunk by chunk, right or wrong. */
final class WavFile {
  static final int PCM = 1;
  static final int FLOAT = 3;
  static final int A_LAW = 6;
  static final int MU_LAW = 7;
  static final int EXTENSIBLE = 0xfffe;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A file of 16-bit samples, channels interleaved. */
  static byte[] pcm16(int channels, int rateHz, int... samples) {
    ByteBuffer data = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int sample : samples) {
      data.putShort((short) sample);
    }
    return new WavFile().format(PCM, channels, rateHz, 16).chunk("data", data.array()).bytes();
  }

  WavFile() {
    this("RIFF");
  }

  WavFile(String kind) {
    text(kind).int32(0xffff_ffffL).text("WAVE"); // nobody looks at the size of the whole
  }

  WavFile text(String text) {
    bytes.writeBytes(text.getBytes(US_ASCII));
    return this;
  }

  WavFile int16(int value) {
    bytes.write(value);
    bytes.write(value >> 8);
    return this;
  }

  WavFile int32(long value) {
    return int16((int) value).int16((int) (value >> 16));
  }

  WavFile int64(long value) {
    return int32(value).int32(value >> 32);
  }

  WavFile format(int tag, int channels, long rateHz, int bits) {
    int frameBytes = channels * ((bits + 7) / 8);
    text("fmt ").int32(tag == EXTENSIBLE ? 40 : 16).int16(tag).int16(channels).int32(rateHz);
    return int32(rateHz * frameBytes).int16(frameBytes).int16(bits);
  }

  /** What follows {@link #format} in an extensible one. */
  WavFile extension(int tag) {
    int16(22).int16(16).int32(3).int16(tag);
    bytes.writeBytes(new byte[14]);
    return this;
  }

  WavFile chunk(String name, byte[] content) {
    text(name).int32(content.length);
    bytes.writeBytes(content);
    if (content.length % 2 == 1) {
      bytes.write(0);
    }
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
