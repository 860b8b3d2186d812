/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hosts modules that are no bundles: those in processes of their own, for example. Registered as a
 * service, for shells and metrics. Any thread; nothing blocks.
 */
@ConsumerType
public interface ModuleHost {
  /** {@return the modules that are there now; a copy} */
  List<ModuleInfo> modules();

  /** {@return how many were turned away, and why is in the log} */
  long refused();

  /**
   * Asks a module to end, as {@link StreamClient#requestStop} does.
   *
   * @param instance whose module
   * @return whether this host has it
   */
  boolean requestStop(String instance);
}
