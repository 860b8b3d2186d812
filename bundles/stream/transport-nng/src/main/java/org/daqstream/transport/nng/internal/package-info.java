/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Stream type {@code nng}: messages by the SP push/pull protocol. One thread per stream serves all
 * its connections with a selector.
 *
 * <p>{@code PushOutput} waits for its first peer; otherwise it is what any transport on sockets
 * does. {@code SpLink} exchanges the greetings.
 */
package org.daqstream.transport.nng.internal;
