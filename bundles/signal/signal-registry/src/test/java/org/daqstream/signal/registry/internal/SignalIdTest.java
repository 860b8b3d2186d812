/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.daqstream.base.support.ForeignText;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

public class SignalIdTest {
  /** The API embeds nothing, so it says for itself what {@link ForeignText} says for all others. */
  @Test
  public void allOfUnicodeThatIsNotFitForALineIsNotFitForAnId() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String id = "a" + Character.toString(c) + "b";
      assertEquals(Integer.toHexString(c), ForeignText.isPlain(id), isId(id));
    }
  }

  private static boolean isId(String id) {
    try {
      return SignalDescriptor.value(id, DataTypes.REAL64).build().signalId().equals(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  public void theRefusalOfAnIdDoesNoHarmItself() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> SignalDescriptor.value("a\u202eb\nc", DataTypes.REAL64));
    assertEquals(
        "signalId must have 1 to 255 characters and no control characters: 'a\ufffdb\ufffdc'",
        refusal.getMessage());
  }
}
