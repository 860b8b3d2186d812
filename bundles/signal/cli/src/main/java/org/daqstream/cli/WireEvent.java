/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.time.Instant;
import java.util.Map;

/**
 * Something on the wire.
 *
 * @param time when it was seen
 * @param isIncoming whether the device sent it
 * @param isInner whether it is a packet, in the frame told before
 * @param text for people, on one line, perhaps with what steers a terminal
 * @param facts for programs
 */
record WireEvent(
    Instant time, boolean isIncoming, boolean isInner, String text, Map<String, Object> facts) {}
