/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * Where in what was recorded something is that is played.
 *
 * @param file path of the file
 * @param row its number there
 * @param time when it was recorded; {@code null} when that is not known
 * @param passed how far it is from the beginning; {@code null} when that is not known
 */
record PlayedSpot(String file, long row, Instant time, Duration passed) {}
