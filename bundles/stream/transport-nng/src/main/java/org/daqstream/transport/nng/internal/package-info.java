/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Stream type {@code nng}: messages by the SP push/pull protocol. One thread per stream serves all
 * its connections with a selector.
 *
 * <p>Outwards: {@code PushOutput} deals the frames of a {@code FrameQueue} to its {@code
 * PushPipe}s, each of which a {@code Dialler} has connected. Inwards: {@code PullInput} accepts
 * {@code PullPipe}s, each with a {@code FrameDecoder}.
 */
package org.daqstream.transport.nng.internal;
