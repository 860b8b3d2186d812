/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import static org.junit.Assert.assertArrayEquals;

import java.util.Arrays;
import org.junit.Test;

public class StreamResultTest {

  @Test
  public void numbersAreThoseOfEvpResult() {
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
        Arrays.stream(StreamResult.values()).mapToInt(StreamResult::number).toArray());
  }
}
