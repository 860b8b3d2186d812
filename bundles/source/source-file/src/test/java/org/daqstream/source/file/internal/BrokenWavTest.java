/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** WAV files that are unfinished, cut or damaged: what is right in them is played. */
public final class BrokenWavTest extends WavBench {
  @Test
  public void aFileThatAPipeWroteIsReadToItsEnd() throws IOException {
    byte[] content =
        new WavFile()
            .format(WavFile.PCM, 1, 1000, 8)
            .text("data")
            .int32(0xffff_ffffL)
            .text("abc")
            .bytes();
    try (Recording recording = open(content)) {
      play(recording);
    }
    assertEquals(3, registry.count("a/0"));
  }

  private void assertPlays(int samples, String remark, byte[] content) throws IOException {
    int before = registry.count("a/0");
    try (Recording recording = open(content)) {
      play(recording);
      assertEquals("plays 1 channel of PCM8 at 1000 Hz" + remark, recording.about());
      assertEquals(remark.isEmpty(), recording.isWhole());
    }
    assertEquals(before + samples, registry.count("a/0"));
  }

  /** A file of bytes from 0 on, whose header says other things than are there. */
  private static byte[] bytesWithHeader(long wholeBytes, long statedBytes, int thereBytes) {
    byte[] content =
        new WavFile()
            .format(WavFile.PCM, 1, 1000, 8)
            .text("data")
            .int32(statedBytes)
            .text("x".repeat(thereBytes))
            .bytes();
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int) wholeBytes);
    return content;
  }

  @Test
  public void ofAFileThatWasCutWhatIsThereIsPlayed() throws IOException {
    String remark = "; the header promises 9 bytes of samples, the 7 that are there are played";
    assertPlays(7, remark, bytesWithHeader(45, 9, 7));
    assertPlays(7, remark, bytesWithHeader(0, 9, 7));
    assertPlays(9, "", bytesWithHeader(45, 9, 9));
  }

  @Test
  public void ofAPartlyWrittenFrameNothingIsPlayed() throws IOException {
    byte[] good = WavFile.pcm16(2, 8000, 1, 2, 3, 4);
    try (Recording recording = open(Arrays.copyOf(good, good.length - 1))) {
      play(recording);
    }
    assertEquals(List.of((short) 1), registry.values("a/0"));
    assertEquals(List.of((short) 2), registry.values("a/1"));
  }

  @Test
  public void aHeaderThatWasNeverFinishedIsReadToTheEndOfTheFile() throws IOException {
    String remark = "; the header does not say how long it is, all 5 bytes are played";
    assertPlays(5, remark, bytesWithHeader(8, 0, 5)); // of libsndfile, killed
    assertPlays(5, remark, bytesWithHeader(36, 0, 5));
    assertPlays(5, remark, bytesWithHeader(0xffff_ffffL, 0xffff_ffffL, 5)); // into a pipe
    assertRefused("byte 44: there are no samples", bytesWithHeader(8, 0, 0));
  }

  @Test
  public void noSamplesAreNoneWhenTheHeaderIsFinished() throws IOException {
    byte[] content =
        new WavFile()
            .format(WavFile.PCM, 1, 1000, 8)
            .chunk("data", new byte[0])
            .chunk("LIST", new byte[4])
            .bytes();
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(4, content.length - 8);
    assertRefused("byte 44: there are no samples", content);
  }

  @Test
  public void longSizesThatWereNeverFinishedAreReadToTheEndOfTheFile() throws IOException {
    byte[] content =
        new WavFile("RF64")
            .text("ds64")
            .int32(28)
            .int64(-8)
            .int64(0)
            .int64(0)
            .int32(0)
            .format(WavFile.PCM, 1, 1000, 8)
            .text("data")
            .int32(0xffff_ffffL)
            .text("abcde")
            .bytes();
    assertPlays(5, "; the header does not say how long it is, all 5 bytes are played", content);
  }

  @Test
  public void whatStandsBehindTheEndIsNamed() throws IOException {
    assertPlays(
        2,
        "; the 3 bytes behind the end by the header are not played",
        bytesWithHeader(38, 2, 5)); // Python's wave, killed between its blocks
  }

  @Test
  public void aForgottenPaddingIsNoDamage() throws IOException {
    byte[] content =
        new WavFile()
            .text("LIST")
            .int32(3)
            .text("abc")
            .format(WavFile.PCM, 1, 1000, 8)
            .chunk("data", new byte[] {1, 2})
            .bytes();
    assertPlays(2, "", content);
  }

  @Test
  public void damageIsNamedWithItsPlaceAndReason() throws IOException {
    byte[] good = WavFile.pcm16(2, 8000, 1, 2, 3, 4);
    assertRefused("byte 0: the file ends where the file header should be", new byte[0]);
    assertRefused(
        "byte 0: not a WAV file, it does not begin with RIFF", "OggS........".getBytes(US_ASCII));
    assertRefused("byte 8: not a WAV file, WAVE is missing", "RIFF....AVI ".getBytes(US_ASCII));
    assertRefused(
        "byte 12: the file ends where a chunk, 'data' did not come yet should be",
        Arrays.copyOf(good, 12));
    assertRefused("byte 20: the file ends where the format should be", Arrays.copyOf(good, 30));
    assertRefused("byte 44: there are no samples", WavFile.pcm16(2, 8000));
    assertRefused(
        "byte 24: the sample rate is 0, allowed are 1 to 100000000", WavFile.pcm16(1, 0, 1));
    assertRefused(
        "byte 24: the sample rate is 4294967295, allowed are 1 to 100000000",
        WavFile.pcm16(1, -1, 1));
    assertRefused(
        "byte 12: the samples come before their format",
        new WavFile().chunk("data", new byte[4]).bytes());
    assertRefused(
        "byte 22: 0 channels, allowed are 1 to 1000",
        new WavFile().format(WavFile.PCM, 0, 8000, 16).chunk("data", new byte[4]).bytes());
    assertRefused(
        "byte 20: format 85 with 16 bits cannot be played; PCM of 8 to 32 bits, float of 32"
            + " and 64 bits, A-law and mu-law can",
        new WavFile().format(85, 1, 8000, 16).chunk("data", new byte[4]).bytes());
    byte[] zeros = Arrays.copyOf("RIFF....WAVE".getBytes(US_ASCII), 1 << 20);
    assertRefused("byte 8012: 1000 chunks and 'data' did not come yet", zeros);
    byte[] frames = good.clone();
    frames[32] = 3;
    assertRefused("byte 32: frames of 3 bytes do not fit 2 channels of PCM16", frames);
  }

  private void assertRefused(String message, byte[] content) {
    DamagedFileException e = assertThrows(DamagedFileException.class, () -> open(content).close());
    assertEquals(message, e.getMessage());
  }

  @Test
  public void aFileThatShrinksIsNotReadOn() throws IOException {
    byte[] content = WavFile.pcm16(1, 1000, new int[1000]);
    try (Recording recording = open(content)) {
      recording.read(10_000_000);
      file(Arrays.copyOf(content, 1000));
      DamagedFileException e =
          assertThrows(DamagedFileException.class, () -> recording.read(SECOND_NANOS));
      assertEquals("byte 1000: the file became shorter while it was read", e.getMessage());
    }
  }

  @Test
  public void noFileDoesMoreThanBeRefused() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good = WavFile.pcm16(2, 44_100, random.ints(200).toArray());
    long deadline = System.nanoTime() + 1_500_000_000L;
    int refused = 0;
    for (int round = 0; System.nanoTime() < deadline; round++) {
      byte[] content = Arrays.copyOf(good, round % 5 == 0 ? random.nextInt(460) : good.length);
      for (int i = random.nextInt(4); i > 0 && content.length > 0; i--) {
        content[random.nextInt(Math.min(48, content.length))] = (byte) random.nextInt();
      }
      try (Recording recording = open(content)) {
        while (recording.read(SECOND_NANOS) > 0) {
          assertTrue("seed " + seed, recording.elapsedNanos() >= 0);
        }
      } catch (DamagedFileException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue("damage was noticed", refused > 0);
  }
}
