/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The connection between the runtime and a module in a process of its own, as bytes: {@code
 * docs/streams-remote.md}. Needs Java alone.
 */
package org.daqstream.stream.wire.support;
