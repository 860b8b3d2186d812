/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Signals of other devices as signals of this runtime, one configuration each. */
package org.daqstream.gateway.internal;
