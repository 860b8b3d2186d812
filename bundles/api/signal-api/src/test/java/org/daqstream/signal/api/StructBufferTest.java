/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

/** Layouts and blocks of structs (case 69). */
public final class StructBufferTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final Dimension TWO = new Dimension.Linear("n", 0, 1, 2, Unit.NONE);
  private static final Dimension THREE =
      new Dimension.Values("axis", List.of("x", "y", "z"), Unit.NONE);

  private static StructMember nested(String name, List<Dimension> dimensions) {
    return new StructMember(
        name,
        DataTypes.STRUCT,
        dimensions,
        List.of(
            new StructMember("flag", DataTypes.UINT8),
            new StructMember("m", DataTypes.INT16, List.of(TWO, THREE), List.of())));
  }

  @Test
  public void canFrameIsPackedInOrder() { // case 69
    StructLayout layout = StructLayout.of(CanFrame.MEMBERS);
    assertEquals(4 + 1 + 64, layout.recordBytes());
    assertEquals(CanFrame.ARB_ID, layout.indexOf("ArbId"));
    assertEquals(CanFrame.LENGTH, layout.indexOf("Length"));
    assertEquals(CanFrame.DATA, layout.indexOf("Data"));
    StructBuffer frames = StructBuffer.allocate(layout, 2);
    frames
        .add()
        .setLong(CanFrame.ARB_ID, 0x1234)
        .setLong(CanFrame.LENGTH, 3)
        .setBytes(CanFrame.DATA, new byte[] {9, 'a', 'b', 'c'}, 1, 3);
    byte[] first = new byte[9];
    frames.bytes().get(0, first);
    assertEquals("34 12 00 00 03 61 62 63 00", HEX.formatHex(first));
    assertEquals(0x1234, frames.getLong(CanFrame.ARB_ID));
    assertEquals('b', frames.getLong(CanFrame.DATA, 1));
  }

  @Test
  public void nestedStructsAndArraysAreLaidOutFlat() { // case 69
    StructLayout layout =
        StructLayout.of(
            List.of(
                new StructMember("z", DataTypes.COMPLEX32),
                nested("one", List.of()),
                nested("many", List.of(TWO)),
                new StructMember("big", DataTypes.UINT128)));
    assertEquals(
        List.of(
            new StructLayout.Field("z", ElementType.COMPLEX32, 0, 1),
            new StructLayout.Field("one.flag", ElementType.UINT8, 8, 1),
            new StructLayout.Field("one.m", ElementType.INT16, 9, 6),
            new StructLayout.Field("many[0].flag", ElementType.UINT8, 21, 1),
            new StructLayout.Field("many[0].m", ElementType.INT16, 22, 6),
            new StructLayout.Field("many[1].flag", ElementType.UINT8, 34, 1),
            new StructLayout.Field("many[1].m", ElementType.INT16, 35, 6),
            new StructLayout.Field("big", ElementType.UINT128, 47, 1)),
        layout.fields());
    assertEquals(63, layout.recordBytes());
    StructBuffer block = StructBuffer.allocate(layout, 1).add();
    block.setDouble(0, 1.5).setDouble(0, 1, -2.5).setLong(layout.indexOf("many[1].m"), 5, -7);
    block.setDouble(layout.indexOf("big"), 0x1p100);
    assertEquals(1.5, block.getDouble(0), 0);
    assertEquals(-2.5, block.getDouble(0, 1), 0);
    assertEquals(-7, block.getLong(6, 5));
    assertEquals(-7, block.bytes().getShort(35 + 5 * 2));
    assertEquals(0x1p100, block.getDouble(7), 0);
  }

  @Test
  public void impossibleLayoutsAreRefusedByName() {
    StructMember a = new StructMember("a", DataTypes.INT8);
    assertRefused("two members of the struct are called a", List.of(a, a));
    assertRefused("must have members", List.of());
    assertRefused("struct 'o'", List.of(new StructMember("o", DataTypes.STRUCT)));
    assertRefused("member b is of type binary", List.of(new StructMember("b", DataTypes.BINARY)));
    assertRefused("member b is of type x", List.of(new StructMember("b", "x")));
    assertRefused("has no name", List.of(new StructMember("", DataTypes.INT8)));
    Dimension many = new Dimension.Linear("n", 0, 1, 5000, Unit.NONE);
    assertRefused("4096", List.of(nested("s", List.of(many))));
    assertRefused("4096", List.of(nested("s", List.of(many, many))));
    Dimension huge = new Dimension.Linear("n", 0, 1, Integer.MAX_VALUE, Unit.NONE);
    List<Dimension> hugeTwice = List.of(huge, huge);
    assertRefused("too many", List.of(new StructMember("h", DataTypes.INT8, hugeTwice, List.of())));
    assertRefused("h", List.of(new StructMember("h", DataTypes.INT16, List.of(huge), List.of())));
    StructMember deep = a;
    for (int i = 0; i < 20; i++) {
      deep = new StructMember("d", DataTypes.STRUCT, List.of(), List.of(deep));
    }
    assertRefused("16", List.of(deep));
  }

  private static void assertRefused(String named, List<StructMember> members) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> StructLayout.of(members));
    assertTrue(e.getMessage(), e.getMessage().contains(named));
  }

  @Test
  public void layoutsAreEqualByTheirFields() {
    StructLayout layout = StructLayout.of(CanFrame.MEMBERS);
    assertEquals(layout, StructLayout.of(CanFrame.MEMBERS));
    assertEquals(layout.hashCode(), StructLayout.of(CanFrame.MEMBERS).hashCode());
    assertNotEquals(layout, StructLayout.of(List.of(new StructMember("a", DataTypes.INT8))));
    assertThrows(IllegalArgumentException.class, () -> layout.indexOf("data"));
  }

  @Test
  public void addedRecordsAreZeroAndTheBlockHasAnEnd() {
    StructLayout layout = StructLayout.of(CanFrame.MEMBERS);
    StructBuffer block = StructBuffer.allocate(layout, 2);
    block.add().setLong(CanFrame.ARB_ID, -1);
    block.add().setLong(CanFrame.ARB_ID, 2);
    assertEquals(2, block.size());
    assertThrows(IllegalStateException.class, block::add);
    assertEquals(-1, block.select(0).getLong(CanFrame.ARB_ID));
    block.clear();
    assertEquals(0, block.size());
    assertThrows(IndexOutOfBoundsException.class, () -> block.select(0));
    assertEquals(0, block.add().getLong(CanFrame.ARB_ID));
  }

  @Test
  public void memoryOfEveryKindGetsTheSameBytes() {
    List<StructMember> members = new ArrayList<>();
    for (ElementType type : ElementType.values()) {
      members.add(StructMember.array(type.dataType(), type.dataType(), 2));
    }
    StructLayout layout = StructLayout.of(members);
    int bytes = layout.recordBytes();
    StructBuffer array = StructBuffer.allocate(layout, 2);
    StructBuffer slice =
        StructBuffer.wrap(layout, ByteBuffer.wrap(new byte[3 + 2 * bytes]).position(3));
    StructBuffer direct = StructBuffer.wrap(layout, ByteBuffer.allocateDirect(2 * bytes));
    double[] values = {0, -1, 1.5, 300, -70_000, 1e12, 1.8e19, -1e30, Double.NaN};
    for (double value : values) {
      for (StructBuffer block : List.of(array, slice, direct)) {
        block.clear();
        block.add();
        block.add();
        for (int field = 0; field < members.size(); field++) {
          block.setDouble(field, value).setLong(field, 1, (long) value);
        }
      }
      assertEquals(0, array.bytes().get(0)); // the first record
      assertEquals("value " + value, bytesOf(array), bytesOf(slice));
      assertEquals("value " + value, bytesOf(array), bytesOf(direct));
    }
  }

  private static ByteBuffer bytesOf(StructBuffer block) {
    return block.bytes().duplicate().clear();
  }

  @Test
  public void elementsOutsideOfAFieldAreRefused() {
    StructBuffer block = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 1).add();
    assertThrows(IndexOutOfBoundsException.class, () -> block.setLong(CanFrame.DATA, 64, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> block.getLong(CanFrame.ARB_ID, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> block.setBytes(CanFrame.LENGTH, new byte[4], 0, 2));
  }

  @Test
  public void wrappedBytesAreReadInPlace() {
    StructLayout layout =
        StructLayout.of(
            List.of(new StructMember("a", DataTypes.UINT8), StructMember.array("b", "int16", 2)));
    ByteBuffer bytes =
        ByteBuffer.wrap(HexFormat.of().parseHex("99ff01000200" + "80ffff0300" + "07"));
    StructBuffer block = StructBuffer.wrap(layout, bytes.position(1).asReadOnlyBuffer());
    assertEquals(2, block.size());
    assertEquals(255, block.getLong(0));
    assertEquals(2, block.getLong(1, 1));
    assertEquals(128.0, block.select(1).getDouble(0), 0);
    assertEquals(-1.0, block.getDouble(1, 0), 0);
    byte[] raw = new byte[4];
    block.getBytes(1, raw, 0, 4);
    assertArrayEquals(new byte[] {-1, -1, 3, 0}, raw);
    assertEquals("position of the given buffer", 1, bytes.position());
  }

  @Test
  public void fillingABlockAllocatesNothing() {
    StructBuffer block = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 64);
    byte[] data = new byte[8];
    fillOften(block, data);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    fillOften(block, data);
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }

  private static void fillOften(StructBuffer block, byte[] data) {
    for (int i = 0; i < 2_000; i++) {
      block.clear();
      while (block.size() < block.capacity()) {
        block
            .add()
            .setLong(CanFrame.ARB_ID, i)
            .setDouble(CanFrame.LENGTH, 8)
            .setBytes(CanFrame.DATA, data, 0, data.length);
      }
    }
  }
}
