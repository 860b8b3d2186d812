/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Files to signals. {@code FileSource} takes a configuration, {@code WatchedFolder} finds files, a
 * {@code PlayedFile} plays one by a {@code Recording}, which {@code WavRecording} or {@code
 * CsvRecording} reads; the other {@code Wav} and {@code Csv} classes know no signals.
 */
package org.daqstream.source.file.internal;
