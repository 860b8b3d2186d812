/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the author of a signal source sees: descriptors of signals, the {@link
 * org.daqstream.signal.api.SignalRegistry} to publish them in, and ports to write samples to.
 * Nothing here knows of sockets or of the streaming protocol's messages.
 */
@Export
@Version("1.1.0")
package org.daqstream.signal.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
