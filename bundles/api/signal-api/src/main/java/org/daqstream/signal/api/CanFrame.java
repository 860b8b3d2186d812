/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;

/**
 * A CAN or CAN FD frame as a struct, in the layout of 69 bytes that stock clients know (protocol
 * section 3.4): identifier, length, and always 64 bytes of data. Goes on an explicit time domain.
 */
public final class CanFrame {
  /** Members of the struct, for {@link SignalDescriptor.Builder#members}. */
  public static final List<StructMember> MEMBERS =
      List.of(
          new StructMember("ArbId", DataTypes.INT32),
          new StructMember("Length", DataTypes.INT8),
          StructMember.array("Data", DataTypes.UINT8, 64));

  /** Field of the identifier. */
  public static final int ARB_ID = 0;

  /** Field of the number of data bytes that count, 0 to 64. */
  public static final int LENGTH = 1;

  /** Field of the data bytes. */
  public static final int DATA = 2;

  private CanFrame() {}
}
