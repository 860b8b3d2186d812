/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Streaming servers to announcements, and announcements to devices. It knows the servers by {@code
 * org.daqstream.server.api} and leaves what is on the network to {@code mdns}.
 */
package org.daqstream.discovery.internal;
