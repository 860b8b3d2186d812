/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Measurements of the machine. {@code HostSource} opens a table and the groups of its
 * configuration, a {@code Measurement} for each group reads the system, {@code Sampler} asks them
 * at exact times.
 */
package org.daqstream.source.host.internal;
