/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the transports on sockets have in common, embedded in each as {@code
 * org.daqstream.transport.support} is.
 *
 * <p>{@code SocketTransport} opens and closes streams. {@code ListeningInput} is the thread of an
 * input with its {@code InputPeer}s; {@code DiallingOutput} the thread of an output with its {@code
 * OutputPeer}s, each of which a {@code Dialler} has connected. {@code SocketLink} is one
 * connection, {@code Endpoint} where to listen or dial.
 */
package org.daqstream.socket.support;
