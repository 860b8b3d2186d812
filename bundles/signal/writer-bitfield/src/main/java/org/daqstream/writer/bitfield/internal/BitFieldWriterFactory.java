/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.bitfield.internal;

import java.util.HashSet;
import java.util.Set;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.ArrayWriter;
import org.daqstream.writer.support.FixedSizeWriter;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of bit fields: unsigned integers of any width (protocol section 3.3). */
@Component(property = SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.BIT_FIELD)
public final class BitFieldWriterFactory implements SignalWriterFactory {
  private static final Set<String> INTEGERS =
      Set.of(DataTypes.UINT8, DataTypes.UINT16, DataTypes.UINT32, DataTypes.UINT64);

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions", "bits");
    String integer = descriptor.bitFieldType();
    if (!INTEGERS.contains(integer)) {
      throw UnsupportedSignalException.of(
          descriptor, "bitFieldType '" + integer + "'", "allowed are uint8 to uint64");
    }
    ElementType type = ElementType.of(integer);
    checkBits(descriptor, type);
    return new ArrayWriter(
        descriptor, type, FixedSizeWriter.elementsOf(descriptor, ArrayWriter.elementsLimit(type)));
  }

  private static void checkBits(SignalDescriptor descriptor, ElementType type)
      throws UnsupportedSignalException {
    int width = type.bytes() * Byte.SIZE;
    Set<Integer> seen = new HashSet<>();
    for (Bit bit : descriptor.bits()) {
      if (bit.index() < 0 || bit.index() >= width || !seen.add(bit.index())) {
        throw UnsupportedSignalException.of(
            descriptor,
            "bit " + bit.index() + " '" + bit.description() + "'",
            "allowed are 0 to " + (width - 1) + ", each once");
      }
    }
  }
}
