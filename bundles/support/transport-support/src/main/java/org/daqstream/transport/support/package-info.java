/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What any transport can use: parameters read and checked in one place, queues of messages with
 * limits and accounting, memory within the budget of an output. Each transport embeds a copy of
 * this package and never exports it, so that it is mended bundle by bundle, without a refresh of
 * the API that all of them share.
 */
package org.daqstream.transport.support;
