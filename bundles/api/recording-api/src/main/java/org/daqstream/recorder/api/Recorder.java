/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Records signals of the runtime to files: a service for each recorder. Any thread may call; no
 * call waits for the disk.
 */
@ProviderType
public interface Recorder {
  /** {@return the name of its configuration} */
  String name();

  /** {@return what it does and has done, as of a moment ago} */
  RecorderStatus status();

  /** Has it record, or wait for its time or trigger; does nothing when it does. */
  void start();

  /** Has it complete its files and wait for {@link #start}. */
  void stop();
}
