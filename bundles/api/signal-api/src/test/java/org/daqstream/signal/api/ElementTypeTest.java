/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.Test;

public final class ElementTypeTest {
  @Test
  public void typesAreFoundByTheirNames() {
    for (ElementType type : ElementType.values()) {
      assertSame(type, ElementType.of(type.dataType()));
      assertEquals(3, type.lengthOf(type.newArray(3)));
      assertEquals(-1, type.lengthOf("no array"));
      assertEquals(-1, type.lengthOf(null));
    }
    assertNull(ElementType.of(DataTypes.STRUCT));
    assertNull(ElementType.of(DataTypes.BIT_FIELD));
    assertNull(ElementType.of("int24"));
  }

  @Test
  public void numbersAreLittleEndianInBuffersOfAnyOrder() { // case 81
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      ByteBuffer buffer = ByteBuffer.allocate(32).order(order);
      for (ElementType type : ElementType.values()) {
        ElementType part = type.part();
        part.putLong(buffer, 3, 1);
        assertEquals(type.name(), 1, part.longAt(buffer, 3));
        assertEquals(type.name(), 1.0, part.doubleAt(buffer, 3), 0);
        part.putDouble(buffer, 3, 2.9);
        assertEquals(type.name(), 2, part.longAt(buffer, 3));
      }
      ElementType.INT16.putLong(buffer, 0, 0x1234);
      assertEquals(0x34, buffer.get(0));
    }
  }

  @Test
  public void realIsWhatKeepsAFraction() {
    ByteBuffer buffer = ByteBuffer.allocate(16);
    for (ElementType type : ElementType.values()) {
      if (type == type.part()) {
        type.putDouble(buffer, 0, 0.5);
        assertEquals(type.name(), type.isReal() ? 0.5 : 0, type.doubleAt(buffer, 0), 0);
      } else {
        assertFalse(type.name(), type.isReal());
      }
    }
  }

  @Test
  public void signIsThatOfTheType() {
    ByteBuffer buffer = ByteBuffer.allocate(16);
    for (ElementType type : ElementType.values()) {
      type.putLong(buffer, 0, -1);
      if (type.isUnsigned()) {
        double greatest = Math.scalb(1.0, type.bytes() * 8) - 1;
        assertEquals(type.name(), greatest, type.doubleAt(buffer, 0), 0);
      } else {
        assertEquals(type.name(), -1.0, type.doubleAt(buffer, 0), 0);
      }
    }
    assertTrue(ElementType.UINT128.isUnsigned());
    assertFalse(ElementType.REAL64.isUnsigned());
  }

  @Test
  public void greatUnsignedNumbersAreStored() {
    ByteBuffer buffer = ByteBuffer.allocate(8);
    ElementType.UINT64.putDouble(buffer, 0, 0x1p63);
    assertEquals(Long.MIN_VALUE, ElementType.UINT64.longAt(buffer, 0));
    assertEquals(0x1p63, ElementType.UINT64.doubleAt(buffer, 0), 0);
    ElementType.UINT64.putDouble(buffer, 0, 1e30);
    assertEquals(-1, ElementType.UINT64.longAt(buffer, 0));
  }
}
