/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What a recording is: a {@link org.daqstream.recording.api.RecordingFormat} service writes the
 * rows of a table of signals to files of its kind, and reads and mends them.
 */
@Export
@Version("1.2.0")
package org.daqstream.recording.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
