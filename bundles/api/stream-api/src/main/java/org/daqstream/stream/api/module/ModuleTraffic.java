/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.module;

import java.time.Instant;

/**
 * What went to and from a module instance that is connected, in a process of its own for example.
 *
 * @param instance name, as in the manifest
 * @param kind how it runs, {@code remote} for example
 * @param program what its process runs, as it says itself; may be empty
 * @param since when it connected
 * @param received messages that it was given
 * @param receivedBytes bytes of those
 * @param sent messages of it that its streams have taken
 * @param sentBytes bytes of those
 * @param lost messages that were on their way to or from it and were given up
 */
public record ModuleTraffic(
    String instance,
    String kind,
    String program,
    Instant since,
    long received,
    long receivedBytes,
    long sent,
    long sentBytes,
    long lost) {}
