/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** One connection, what is wanted of it, and how it comes to the listeners. */
package org.daqstream.client.internal;
