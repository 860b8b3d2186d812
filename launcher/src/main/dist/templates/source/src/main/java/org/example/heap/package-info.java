/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** A source: the use of this Java heap, as signals. */
package org.example.heap;
