/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Small tools that every bundle may embed, so that each is there once: text of strangers, a clock
 * that makes no steps, a thread with its end and one for tasks, logs that nobody can fill, origins
 * of time domains, the home of the runtime. Knows nothing of the rest.
 */
package org.daqstream.base.support;
