/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A running streaming server as operating tools see it (shell, metrics, health checks, discovery):
 * its clients, its traffic, its counters; and the pages that they may add to its HTTP ports. It
 * knows nothing of the protocol or of Jetty, so that a tool outlives a new server.
 */
@Export
@Version("1.2.0")
package org.daqstream.server.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
