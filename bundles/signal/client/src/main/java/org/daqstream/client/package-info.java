/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A client for every device that speaks the openDAQ streaming protocol: {@link
 * org.daqstream.client.StreamingClient} connects, stays connected and delivers blocks of samples
 * with exact rows and times. Needs no OSGi; as a bundle it only exports this package.
 */
@Export
@Version("1.0.0")
package org.daqstream.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
