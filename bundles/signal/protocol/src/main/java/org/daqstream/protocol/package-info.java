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
 */
@Export
@Version("0.1.0")
package org.daqstream.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
