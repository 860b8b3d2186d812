/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Init;

/** What a client is told first, before the signals. */
public record Greeting(ApiVersion version, Init init) {}
