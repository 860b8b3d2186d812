/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What brings signals of other runtimes here, or takes signals of this one to others, and how that
 * goes: a {@link org.daqstream.signal.api.relay.SignalRelay} service for each such connection.
 */
@Export
@Version("1.0.0")
package org.daqstream.signal.api.relay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
