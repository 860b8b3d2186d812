/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * From counters to metrics. {@code MetricCollector} asks servers, registry and register by their
 * APIs, {@code Definition} is every metric there is; {@code MetricsPage} and {@code Beans} show
 * them, and do not know each other.
 */
package org.daqstream.ops.internal;
