/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

public final class WavRecordingTest extends WavBench {
  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private List<Number> decoded(int tag, int bits, ByteBuffer data) throws IOException {
    byte[] content = new WavFile().format(tag, 1, 1000, bits).chunk("data", bytes(data)).bytes();
    try (Recording recording = open(content)) {
      play(recording);
    }
    return registry.values("a/0");
  }

  @Test
  public void eachChannelIsASignalInItsOwnDataTypeAtTheRateOfTheFile() throws IOException {
    try (Recording recording = open(WavFile.pcm16(2, 48_000, 1, -1, 2, -2, 3, -3))) {
      List<SignalDescriptor> signals = recording.signals("p/");
      assertEquals(
          List.of("p/0", "p/1"), signals.stream().map(SignalDescriptor::signalId).toList());
      assertEquals("int16", signals.get(0).dataType());
      assertEquals(new Range(-32_768, 32_767), signals.get(0).range());
      assertEquals("48000", signals.get(1).metadata().get("sampleRateHz"));
      play(recording);
    }
    assertEquals(List.of((short) 1, (short) 2, (short) 3), registry.values("a/0"));
    assertEquals(List.of((short) -1, (short) -2, (short) -3), registry.values("a/1"));
  }

  @Test
  public void allWidthsAreExact() throws IOException {
    assertEquals(
        List.of((byte) 0, (byte) 0x80, (byte) 0xff),
        decoded(WavFile.PCM, 8, ByteBuffer.wrap(new byte[] {0, (byte) 0x80, (byte) 0xff})));
  }

  @Test
  public void pcmOf24BitsKeepsItsSign() throws IOException {
    byte[] data = {1, 2, 3, -1, -1, -1, 0, 0, (byte) 0x80};
    assertEquals(
        List.of(0x030201, -1, -0x80_0000), decoded(WavFile.PCM, 24, ByteBuffer.wrap(data)));
  }

  @Test
  public void pcmOf32Bits() throws IOException {
    ByteBuffer data = littleEndian(8).putInt(Integer.MIN_VALUE).putInt(Integer.MAX_VALUE);
    assertEquals(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE), decoded(WavFile.PCM, 32, data));
  }

  @Test
  public void pcmOf12BitsStandsLeftInItsTwoBytes() throws IOException {
    assertEquals(
        List.of((short) 0x7ff0),
        decoded(WavFile.PCM, 12, littleEndian(2).putShort((short) 0x7ff0)));
  }

  @Test
  public void floats() throws IOException {
    assertEquals(
        List.of(0.5f, -1.25f),
        decoded(WavFile.FLOAT, 32, littleEndian(8).putFloat(0.5f).putFloat(-1.25f)));
  }

  @Test
  public void doubles() throws IOException {
    assertEquals(List.of(Math.PI), decoded(WavFile.FLOAT, 64, littleEndian(8).putDouble(Math.PI)));
  }

  /** The sum is that of what libsndfile 1.2 makes of the same codes, as for the next one. */
  @Test
  public void everyCodeOfALawIsThatOfTheStandard() throws IOException {
    assertEquals(0x9d764657L, sumOfAllCodes(WavFile.A_LAW));
    assertEquals((short) -5504, registry.values("a/0").get(0));
    assertEquals((short) -8, registry.values("a/0").get(0x55));
    assertEquals((short) 32_256, registry.values("a/0").get(0xaa));
  }

  @Test
  public void everyCodeOfMuLawIsThatOfTheStandard() throws IOException {
    assertEquals(0x0c847a9fL, sumOfAllCodes(WavFile.MU_LAW));
    assertEquals((short) -32_124, registry.values("a/0").get(0));
    assertEquals((short) 0, registry.values("a/0").get(0xff));
  }

  private long sumOfAllCodes(int tag) throws IOException {
    ByteBuffer codes = littleEndian(256);
    for (int i = 0; i < 256; i++) {
      codes.put((byte) i);
    }
    ByteBuffer samples = littleEndian(512);
    decoded(tag, 8, codes).forEach(sample -> samples.putShort(sample.shortValue()));
    CRC32 sum = new CRC32();
    sum.update(samples.flip());
    return sum.getValue();
  }

  /** Two channels, 1 and -2, 300 and -30000, as libsndfile 1.2 writes them with big endian. */
  private void assertPlaysBigEndian(
      String wholeSize, String format, String data, List<?> first, List<?> second)
      throws IOException {
    String head = "52494658" + wholeSize + "57415645666d742000000010";
    byte[] file = HexFormat.of().parseHex(head + format + "64617461" + data);
    try (Recording recording = open(file)) {
      assertTrue(recording.about(), recording.about().endsWith(" at 48000 Hz"));
      play(recording);
    }
    assertEquals(first, registry.values("a/0"));
    assertEquals(second, registry.values("a/1"));
  }

  @Test
  public void pcmOf16BitsInBigEndian() throws IOException {
    assertPlaysBigEndian(
        "0000002c",
        "000100020000bb800002ee0000040010",
        "000000080001fffe012c8ad0",
        List.of((short) 1, (short) 300),
        List.of((short) -2, (short) -30_000));
  }

  @Test
  public void pcmOf24BitsInBigEndian() throws IOException {
    assertPlaysBigEndian(
        "00000030",
        "000100020000bb800004650000060018",
        "0000000c000100fffe00012c008ad000",
        List.of(0x100, 0x1_2c00),
        List.of(-0x200, -30_000 << 8));
  }

  @Test
  public void floatsInBigEndian() throws IOException {
    assertPlaysBigEndian(
        "00000060",
        "000300020000bb800005dc0000080020666163740000000400000002"
            + "5045414b00000018000000016b0cc2f2439600000000000146ea600000000001",
        "000000103f800000c000000043960000c6ea6000",
        List.of(1f, 300f),
        List.of(-2f, -30_000f));
  }

  @Test
  public void extensibleFormatsNameTheirFormatLater() throws IOException {
    byte[] content =
        new WavFile()
            .format(WavFile.EXTENSIBLE, 1, 8000, 32)
            .extension(WavFile.FLOAT)
            .chunk("data", bytes(littleEndian(4).putFloat(2)))
            .bytes();
    try (Recording recording = open(content)) {
      play(recording);
    }
    assertEquals(List.of(2f), registry.values("a/0"));
  }

  @Test
  public void unknownChunksAreSkippedWithTheirPadding() throws IOException {
    byte[] content =
        new WavFile()
            .chunk("LIST", new byte[7])
            .format(WavFile.PCM, 1, 8000, 8)
            .chunk("fact", new byte[4])
            .chunk("data", new byte[] {7})
            .chunk("LIST", new byte[8])
            .bytes();
    try (Recording recording = open(content)) {
      play(recording);
    }
    assertEquals(List.of((byte) 7), registry.values("a/0"));
  }

  @Test
  public void timesAreNanosecondsWherePeriodsAreWholeOnes() throws IOException {
    try (Recording recording = open(WavFile.pcm16(1, 8000, new int[4]))) {
      SignalDescriptor domain = recording.domain("t/");
      assertEquals(new Rule.Linear(125_000), domain.rule());
      assertEquals(Resolution.NANOSECONDS, domain.resolution());
      play(recording);
    }
    assertEquals(
        List.of(START_NANOS, START_NANOS + 125_000, START_NANOS + 250_000, START_NANOS + 375_000),
        registry.ticks("a/0"));
  }

  @Test
  public void timesArePeriodsAtOtherRates() throws IOException {
    try (Recording recording = open(WavFile.pcm16(1, 44_100, new int[100_000]))) {
      SignalDescriptor domain = recording.domain("t/");
      assertEquals(new Rule.Linear(1), domain.rule());
      assertEquals(new Resolution(1, 44_100), domain.resolution());
      play(recording);
      assertEquals(99_999L * SECOND_NANOS / 44_100, elapsedOfLast(recording));
    }
    List<Long> ticks = registry.ticks("a/0");
    assertEquals(100_000, ticks.size());
    assertEquals(1_700_000_000L * 44_100, ticks.get(0).longValue());
    for (int i = 1; i < ticks.size(); i++) {
      assertEquals(ticks.get(0) + i, ticks.get(i).longValue());
    }
  }

  private static long elapsedOfLast(Recording recording) {
    return recording.elapsedNanos();
  }

  @Test
  public void theSecondPassContinuesTheFirst() throws IOException {
    try (Recording recording = open(WavFile.pcm16(1, 1000, 5, 6, 7))) {
      play(recording);
      recording.rewind();
      play(recording);
    }
    assertEquals(6, registry.count("a/0"));
    assertEquals(START_NANOS + 5_000_000, registry.ticks("a/0").get(5).longValue());
    assertEquals((short) 5, registry.values("a/0").get(3));
  }

  @Test
  public void blocksEndWithTheirSpanAndTheirLimit() throws IOException {
    try (Recording recording = open(WavFile.pcm16(2, 1000, new int[200_000]))) {
      assertEquals(10, recording.read(10_000_000));
      assertEquals(1, recording.read(1));
      assertEquals(Recording.BLOCK_LIMIT_VALUES / 2, recording.read(Long.MAX_VALUE / 4));
    }
  }

  @Test
  public void samplesBehindTwoGibibytesAreReached() throws IOException {
    long gapBytes = 5L << 29;
    Path path = file(new WavFile().text("junk").int32(gapBytes).bytes());
    byte[] rest =
        new WavFile().format(WavFile.PCM, 1, 1000, 8).chunk("data", new byte[] {42}).bytes();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(20 + gapBytes); // sparse
      file.write(rest, 12, rest.length - 12);
    }
    try (Recording recording = new WavRecording(path)) {
      play(recording);
    }
    assertEquals(List.of((byte) 42), registry.values("a/0"));
  }

  @Test
  public void filesOfMoreThanFourGibibytesSayTheirSizeIn64Bits() throws IOException {
    long dataBytes = 5L << 30;
    byte[] start =
        new WavFile("RF64")
            .text("ds64")
            .int32(28)
            .int64(0)
            .int64(dataBytes)
            .int64(0)
            .int32(0)
            .format(WavFile.PCM, 2, 1000, 16)
            .text("data")
            .int32(0xffff_ffffL)
            .bytes();
    Path path = file(start);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(start.length + dataBytes); // sparse
      assertEquals(dataBytes / 4, WavHeader.read(file.getChannel()).frames());
    }
  }
}
