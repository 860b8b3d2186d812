/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.time.Instant;

/**
 * A module that is no bundle of the runtime, as it stands now.
 *
 * @param instance module instance
 * @param kind what hosts it, one word: {@code remote}, for example
 * @param state in a few words
 * @param program what it runs, as it says itself; may be empty
 * @param user whose process it is, or who it has shown to be; empty when nobody knows
 * @param processId of its own process; 0 when it has none or does not tell
 * @param since when it came
 * @param received messages that it was given
 * @param receivedBytes bytes of those
 * @param sent messages that it has written and the register has taken
 * @param sentBytes bytes of those
 * @param lost messages that were on their way to or from it and were given up
 * @param memoryBytes what it takes; -1 when nobody knows
 * @param busyMs time it has computed for; -1 when nobody knows
 */
public record ModuleInfo(
    String instance,
    String kind,
    String state,
    String program,
    String user,
    long processId,
    Instant since,
    long received,
    long receivedBytes,
    long sent,
    long sentBytes,
    long lost,
    long memoryBytes,
    long busyMs) {}
