/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Benchmarks of a runtime against plain NIO; {@code Bench} is the program. Nothing here is a test.
 */
package org.daqstream.itest.bench;
