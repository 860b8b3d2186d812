/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Binary samples and texts to packets; knows the signal API alone. */
package org.daqstream.writer.binary.internal;
