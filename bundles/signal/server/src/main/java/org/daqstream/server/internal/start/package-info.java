/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A server as the runtime sees it: the component, its configuration, its start, change and stop,
 * and what operating tools ask. Knows the packages {@code web}, {@code fanout} and {@code log},
 * none of which knows it.
 */
package org.daqstream.server.internal.start;
