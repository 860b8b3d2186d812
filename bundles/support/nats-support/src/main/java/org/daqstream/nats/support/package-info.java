/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A connection to NATS, made by jnats and made again whenever it breaks. Embedded in each bundle
 * that uses it, together with jnats, and never exported. {@code NatsLink} is what others use,
 * {@code NatsOptions} says where and as whom.
 */
package org.daqstream.nats.support;
