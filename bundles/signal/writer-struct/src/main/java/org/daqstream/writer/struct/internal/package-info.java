/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Structs to bytes; knows the signal API alone. */
package org.daqstream.writer.struct.internal;
