/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Stream types on TCP: {@code posix}, {@code posix-framed}, {@code posix-tls}. One thread for each
 * stream, with a selector.
 *
 * <p>A {@code SocketLink} is the bytes as they are or inside TLS; nothing else knows which.
 */
package org.daqstream.transport.posix.internal;
