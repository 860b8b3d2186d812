/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The devices on the network: ask {@link org.daqstream.discovery.api.DeviceBrowser} once, or offer
 * a {@link org.daqstream.discovery.api.DeviceListener} to be told of every device that comes and
 * goes.
 */
@Export
@Version("1.0.0")
package org.daqstream.discovery.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
