/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.ArrayWriter;
import org.daqstream.writer.support.BinaryWriter;
import org.daqstream.writer.support.FixedSizeWriter;
import org.daqstream.writer.support.ScaledWriter;
import org.daqstream.writer.support.StructWriter;

/** Writers of all data types, for who publishes without bundles that bring them. */
public final class OwnWriters implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    return switch (descriptor.dataType()) {
      case DataTypes.STRUCT -> struct(descriptor);
      case DataTypes.BINARY -> binary(descriptor);
      case DataTypes.BIT_FIELD -> {
        FixedSizeWriter.checkFacts(descriptor, "dimensions", "bits");
        yield array(descriptor, descriptor.bitFieldType());
      }
      default -> {
        FixedSizeWriter.checkFacts(descriptor, "dimensions", "postScaling");
        yield array(descriptor, descriptor.dataType());
      }
    };
  }

  private static SignalWriter array(SignalDescriptor descriptor, String dataType)
      throws UnsupportedSignalException {
    ElementType type = ElementType.of(dataType);
    if (type == null) {
      throw UnsupportedSignalException.of(
          descriptor, "dataType '" + dataType + "'", "allowed are those of DataTypes");
    }
    int elements = FixedSizeWriter.elementsOf(descriptor, ArrayWriter.elementsLimit(type));
    if (descriptor.postScaling() == null) {
      return new ArrayWriter(descriptor, type, elements);
    }
    if (type.isComplex()) {
      throw UnsupportedSignalException.of(
          descriptor, "postScaling", "only integers and reals can be scaled");
    }
    return new ScaledWriter(descriptor, type, elements);
  }

  private static SignalWriter struct(SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions", "members");
    try {
      StructLayout layout = StructLayout.of(descriptor);
      int limit = Integer.MAX_VALUE / layout.recordBytes();
      return new StructWriter(descriptor, layout, FixedSizeWriter.elementsOf(descriptor, limit));
    } catch (IllegalArgumentException e) {
      throw UnsupportedSignalException.of(descriptor, "a struct like this", e.getMessage());
    }
  }

  private static SignalWriter binary(SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor);
    return new BinaryWriter(descriptor, true);
  }
}
