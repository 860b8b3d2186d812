/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** What roles may do. Knows no other package. */
package org.daqstream.server.internal.access;
