/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.BitSet;
import org.daqstream.protocol.PacketHeader;
import org.junit.Test;

/** Signal numbers over their whole range (protocol section 1.3). */
public class SignalNumbersTest {
  private final SignalNumbers numbers = new SignalNumbers(0);

  @Test
  public void countFromOne() { // case 80: 0 is the stream
    assertEquals(1, numbers.take());
    assertEquals(2, numbers.take());
  }

  @Test
  public void wrapWithoutZeroAndWithoutThoseInUse() { // case 80
    BitSet inUse = new BitSet();
    for (int i = 0; i < PacketHeader.SIGNO_MAX; i++) {
      int signo = numbers.take();
      assertTrue("number " + signo, signo >= 1 && signo <= PacketHeader.SIGNO_MAX);
      assertTrue("given twice: " + signo, !inUse.get(signo));
      inUse.set(signo);
    }
    assertThrows(IllegalStateException.class, numbers::take);
    for (int signo = 5; signo <= 1_000; signo += 5) {
      numbers.giveBack(signo);
      inUse.clear(signo);
    }
    for (int i = 0; i < 200; i++) {
      int signo = numbers.take();
      assertTrue("in use: " + signo, signo % 5 == 0 && !inUse.get(signo));
      inUse.set(signo);
    }
    assertThrows(IllegalStateException.class, numbers::take);
  }

  @Test
  public void returnedNumberRestsBeforeItIsGivenAgain() { // case 80
    int signo = numbers.take();
    numbers.giveBack(signo);
    for (int i = 0; i < 200; i++) {
      int other = numbers.take();
      assertTrue(other != signo);
      numbers.giveBack(other);
    }
    int taken = 0;
    while (numbers.take() != signo) {
      taken++;
      assertTrue("never given again", taken < 1_000);
      numbers.giveBack(taken + 1_000_000);
    }
  }
}
