/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A class for each health check, and {@code Health}, which registers them. They look at servers,
 * signals and streams by the APIs.
 */
package org.daqstream.ops.health.internal;
