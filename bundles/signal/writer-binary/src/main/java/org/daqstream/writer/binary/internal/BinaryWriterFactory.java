/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.binary.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.BinaryWriter;
import org.daqstream.writer.support.FixedSizeWriter;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of binary samples and texts: one packet, one sample (protocol section 3.3). */
@Component(property = SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.BINARY)
public final class BinaryWriterFactory implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor);
    if (descriptor.rule() instanceof Rule.Constant) {
      throw UnsupportedSignalException.of(
          descriptor, "rule constant", "allowed is explicit, with replayLast for seldom values");
    }
    return new BinaryWriter(descriptor);
  }
}
