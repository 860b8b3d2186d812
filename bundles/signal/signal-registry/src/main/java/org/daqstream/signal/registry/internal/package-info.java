/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The registry of signals. {@code PublishedTable} and {@code PublishedSignal} are what a source
 * holds, on its thread; {@code OfferedTable} and {@code OfferedSignal} are the same for writers and
 * sinks, on the thread of {@code StructureQueue}, and a {@code Route} is what the first gets from
 * the second.
 */
package org.daqstream.signal.registry.internal;
