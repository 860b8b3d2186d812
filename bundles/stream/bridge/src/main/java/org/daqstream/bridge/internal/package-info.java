/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The tie between streams and signals: {@link org.daqstream.bridge.internal.StreamToSignal} and
 * {@link org.daqstream.bridge.internal.SignalToStream}, one configuration each.
 */
package org.daqstream.bridge.internal;
