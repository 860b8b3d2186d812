/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What tests of plug-ins need, ours and those of others: contracts that every writer and every
 * transport must hold, and stand-ins for what is on the other side of a source, a transport or a
 * module. Knows the APIs alone; part of nothing that runs.
 */
package org.daqstream.testing;
