/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What those who operate a runtime see of its recorders: each is an {@link
 * org.daqstream.recorder.api.Recorder} service.
 */
@Export
@Version("1.0.0")
package org.daqstream.recorder.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
