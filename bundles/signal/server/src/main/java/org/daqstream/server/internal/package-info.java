/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The streaming server. {@code StreamingServer} takes configurations and has a {@code
 * ServerInstance} for each; its parts are the log ({@code SharedLog}, filled by {@code
 * LogPublisher}, read by {@code LogReader}), the fan-out thread with its {@code Client}s, and what
 * stands on Jetty ({@code Listener}, {@code StreamingHandler}, {@code StreamSession}).
 */
package org.daqstream.server.internal;
