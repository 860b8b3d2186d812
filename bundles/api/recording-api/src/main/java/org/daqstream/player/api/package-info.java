/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What those who operate a runtime see of what plays files in it: each is a {@link
 * org.daqstream.player.api.Player} service.
 */
@Export
@Version("1.0.0")
package org.daqstream.player.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
