/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * How the messages of {@code org.daqstream.protocol} are written and read: trees of values to
 * MessagePack and JSON and back, descriptors to signal documents and back, and the form that a
 * family of clients understands ({@code PeerForm}). Only that package uses it.
 */
package org.daqstream.protocol.internal;
