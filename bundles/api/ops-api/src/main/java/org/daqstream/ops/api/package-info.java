/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What daqstream counts and measures of itself, as numbers with names and labels, for those who
 * carry them into a monitoring system: ask {@link org.daqstream.ops.api.MetricSource}. The names
 * are those of the Prometheus page.
 */
@Export
@Version("1.0.0")
package org.daqstream.ops.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
