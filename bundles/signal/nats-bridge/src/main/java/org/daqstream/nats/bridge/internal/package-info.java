/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Signals over NATS: publishers send those of this runtime, imports publish those of others here,
 * one configuration each.
 */
package org.daqstream.nats.bridge.internal;
