/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What takes published signals further: a {@link org.daqstream.signal.api.sink.SignalSink} service
 * such as the streaming server is told of every available signal and gets its blocks.
 */
@Export
@Version("1.1.0")
package org.daqstream.signal.api.sink;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
