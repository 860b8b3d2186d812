/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the transports on sockets have in common, embedded in each as {@code
 * org.daqstream.transport.support} is.
 *
 * <p>{@code ListeningInput} is the thread of an input with its {@code InputPeer}s; {@code
 * OpenStreams} what a transport has to close when it leaves.
 */
package org.daqstream.socket.support;
