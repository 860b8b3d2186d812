/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.module;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Who runs module instances that are no bundles, or is asked by them for streams: a service. */
@ConsumerType
public interface ModuleHost {
  /** {@return its instances as they stand now, by name; a copy} Any thread may call. */
  List<ModuleStatus> modules();
}
