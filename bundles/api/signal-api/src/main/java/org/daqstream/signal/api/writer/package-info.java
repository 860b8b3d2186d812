/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the author of a new data type implements: a {@link
 * org.daqstream.signal.api.writer.SignalWriterFactory} service in a bundle of its own, installed
 * and removed while clients stay connected.
 */
@Export
@Version("1.0.0")
package org.daqstream.signal.api.writer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
