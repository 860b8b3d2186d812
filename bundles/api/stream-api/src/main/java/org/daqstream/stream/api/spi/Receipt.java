/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a transport gives along with data, as the {@code release} of {@link InputSink#data}, when it
 * must know whether the module has got them: one that delivers at least once, for example. Just one
 * of the two methods is run.
 */
@ConsumerType
public interface Receipt extends Runnable {
  /** The module has got the data, and its callback has returned or thrown. On any thread. */
  @Override
  void run();

  /** The stream was closed before the module got the data, which are not needed any more. */
  void undelivered();
}
