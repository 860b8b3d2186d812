/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Integers and reals to bytes, scaled ones to {@code real64}; knows the signal API alone. */
package org.daqstream.writer.numeric.internal;
