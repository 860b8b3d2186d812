/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.writer;

import org.daqstream.signal.api.SignalDescriptor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that makes writers for signals of some data types. When the service leaves, its signals
 * become unavailable to clients; when it or another one for the type comes, they are offered again.
 * Of several services for a type the one with the highest {@code service.ranking} is asked first;
 * one that refuses a descriptor or fails is passed over.
 */
@ConsumerType
public interface SignalWriterFactory {
  /**
   * Service property, {@code String+}: the data types that this factory serves, as in {@code
   * definition.dataType}. A service without it is ignored.
   */
  String SIGNAL_DATATYPE = "signal.datatype";

  /**
   * Makes a writer for one signal. Called on the registry's thread and must not block: until it
   * returns no signal can come or change.
   *
   * @param descriptor the signal, of one of the types served
   * @return a new writer for this signal alone
   * @throws UnsupportedSignalException when the descriptor asks for what this factory cannot do;
   *     the message is shown to the operator beside the signal
   */
  SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException;
}
