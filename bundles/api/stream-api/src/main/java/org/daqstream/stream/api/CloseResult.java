/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/**
 * What a close did.
 *
 * @param result OK; INVAL for an unknown handle; TIMEDOUT when the flush deadline passed with
 *     messages left; ERROR when the transport failed to close. In all cases the handle is gone
 * @param lostMessages messages accepted by write and never handed to the network in full
 * @param lostBytes bytes of those messages that were not handed to the network
 */
public record CloseResult(StreamResult result, long lostMessages, long lostBytes) {}
