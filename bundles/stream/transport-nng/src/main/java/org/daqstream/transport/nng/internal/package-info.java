/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Stream type {@code nng}: messages by the SP push/pull protocol. One thread per stream serves all
 * its connections with a selector.
 *
 * <p>Outwards: {@code PushOutput} deals the frames of a {@code FrameQueue} to its {@code
 * PushPipe}s. Inwards: what any input of messages does. {@code SpLink} exchanges the greetings.
 */
package org.daqstream.transport.nng.internal;
