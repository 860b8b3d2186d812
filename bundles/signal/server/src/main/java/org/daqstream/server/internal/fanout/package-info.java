/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The thread that serves all clients from the log: their cursors, subscriptions and commands, and
 * the outgoing half of their sockets. Knows the log; who listens and parses is none of its
 * business.
 */
package org.daqstream.server.internal.fanout;
