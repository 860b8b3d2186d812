/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** What every client of streams does with its events, wherever it runs. Needs Java alone. */
package org.daqstream.stream.support;
