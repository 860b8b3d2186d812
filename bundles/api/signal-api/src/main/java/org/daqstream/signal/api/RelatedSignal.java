/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * Names a signal that belongs to another one.
 *
 * @param type kind of relation, for example {@code "status"}
 * @param signalId the other signal
 */
public record RelatedSignal(String type, String signalId) {}
