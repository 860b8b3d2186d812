/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The ports: HTTP requests, WebSocket upgrades, what clients send, and what bounds all that. Parses
 * on its own threads and hands the fan-out tasks. Knows the fan-out and the log, and no
 * configuration but the values that it is given.
 */
package org.daqstream.server.internal.web;
