/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * WAV files: {@code WaveLayout} says what is where in a file, {@code WaveWriter} puts rows into
 * frames by their time, {@code FramePlaces} knows which of them are there and what they were.
 */
package org.daqstream.recording.wav.internal;
