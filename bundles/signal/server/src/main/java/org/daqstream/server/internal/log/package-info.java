/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The log of ready frames: what publishers append to it, on their own threads, and what a reader
 * finds in it. Knows no client, no socket and none of the other packages.
 */
package org.daqstream.server.internal.log;
