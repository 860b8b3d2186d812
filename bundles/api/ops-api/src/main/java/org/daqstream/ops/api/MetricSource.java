/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everything that daqstream measures, now: a service. Any thread may call; a call waits for each
 * running server's present turn, usually under a millisecond. Calls within a tenth of a second of
 * each other get the same answer, so that nobody can load the servers by asking.
 */
@ProviderType
public interface MetricSource {
  /**
   * {@return all metrics in the order of the documentation, those without any sample left out;
   * immutable}
   */
  List<Metric> metrics();
}
