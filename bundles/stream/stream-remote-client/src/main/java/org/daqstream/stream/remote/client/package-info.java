/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A library for modules in processes of their own: {@link
 * org.daqstream.stream.remote.client.RemoteStreams} connects to a runtime and gives the streams of
 * an instance. Needs Java and the stream API on the class path, no OSGi.
 */
@Export
@Version("1.0.0")
package org.daqstream.stream.remote.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
