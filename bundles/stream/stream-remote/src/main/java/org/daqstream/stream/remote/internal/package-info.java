/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Modules in processes of their own. {@link org.daqstream.stream.remote.internal.ModuleHub} listens
 * and knows them all, a {@link org.daqstream.stream.remote.internal.ModuleLink} is the thread and
 * the bytes of one connection, a {@link org.daqstream.stream.remote.internal.ModuleSession} what
 * they mean.
 */
package org.daqstream.stream.remote.internal;
