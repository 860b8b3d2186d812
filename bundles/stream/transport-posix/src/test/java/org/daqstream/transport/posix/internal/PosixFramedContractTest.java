/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

/** The same with messages that keep their borders, four bytes in front of each. */
public class PosixFramedContractTest extends PosixContractTest {
  public PosixFramedContractTest() {
    super(new PosixFramedTransport());
  }

  @Override
  protected int longestMessageBytes() {
    return QUEUE_BYTES - Integer.BYTES;
  }
}
