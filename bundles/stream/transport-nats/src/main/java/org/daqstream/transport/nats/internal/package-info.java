/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Stream type {@code nats}: messages on a subject of NATS, by a server. Each stream has a {@code
 * NatsLink} of its own, which connects again for ever, and a thread that sends or hands over.
 *
 * <p>Outputs keep their messages in {@code KeptMessages} until the server has them: {@code
 * CoreOutput} by the answer to a ping, {@code JetStreamOutput} by JetStream's acknowledgement.
 * Inputs put what comes into a {@code Backlog}: {@code CoreInput} whatever comes, {@code
 * JetStreamInput} as much as it has asked for.
 */
package org.daqstream.transport.nats.internal;
