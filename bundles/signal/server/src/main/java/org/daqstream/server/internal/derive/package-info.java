/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Signals that the server makes of others when a client asks for them: the newest samples, and
 * envelopes. They are read from the log and appended to it once, whoever wants them. Knows the log
 * and no client.
 */
package org.daqstream.server.internal.derive;
