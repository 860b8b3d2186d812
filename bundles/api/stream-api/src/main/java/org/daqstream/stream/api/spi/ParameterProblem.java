/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

/**
 * One thing wrong with the parameters of a stream definition.
 *
 * @param key parameter name
 * @param value what it was; null when missing
 * @param message what would be right
 * @param fatal false for what is accepted with a warning, unless the register is strict
 */
public record ParameterProblem(String key, Object value, String message, boolean fatal) {}
