/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** A transport of streams over UDP. */
package org.example.udp;
