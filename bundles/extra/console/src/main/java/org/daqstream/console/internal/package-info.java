/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Gogo for programs of the same user. {@code Console} and {@code ConsoleSession} run in the
 * runtime, {@code ConsoleClient} and {@code Prompt} in the program of the user; {@code
 * ConsoleFrame} is all that both know.
 */
package org.daqstream.console.internal;
