/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Bytes to messages of the openDAQ streaming protocol and back, for servers and clients: WebSocket
 * frame headers, packets, metadata messages, signal documents and the payloads of data packets.
 * Pure functions over buffers: no I/O, no threads, no services. Whatever comes from outside is
 * bounded by {@link org.daqstream.protocol.Limits} and ends, when bad, in a {@link
 * org.daqstream.protocol.ProtocolException} or in a counter.
 *
 * <p>Exported for the bundles of this house that speak the protocol, which are released with it.
 * Plug-ins import nothing of it, so it is no API: its version stays below 1, and there is no
 * baseline that its changes are held to.
 */
@Export
@Version("0.1.0")
package org.daqstream.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
