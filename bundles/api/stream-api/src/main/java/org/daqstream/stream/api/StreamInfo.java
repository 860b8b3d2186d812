/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/**
 * An open stream as it stands now.
 *
 * @param instance module instance
 * @param handle the module's handle
 * @param definition as it was when the stream was opened
 * @param ended why the stream is over though not yet closed; empty while it runs
 * @param boundPort TCP port an input listens on; -1 when there is none
 * @param statistics counters since the opening
 */
public record StreamInfo(
    String instance,
    int handle,
    StreamDefinition definition,
    String ended,
    int boundPort,
    StreamStatistics statistics) {}
