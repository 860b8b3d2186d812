/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The commands of {@code bin/daqstream} that read a device by themselves, without a runtime: {@code
 * list}, {@code info}, {@code watch}, {@code print}, {@code record}, {@code verify}, {@code tap},
 * {@code relay}. No bundle: {@code lib/org.daqstream.cli.jar} of the distribution.
 */
package org.daqstream.cli;
