/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Signals whose every sample follows from its time or row: {@code Timeline} says when samples are,
 * {@code Generator} what they are, {@code Simulation} writes them.
 */
package org.daqstream.source.simulator.internal;
