/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Samples, numbers and times as people and programs read them: what the shell and the command line
 * show. Each embeds this package and never exports it.
 */
package org.daqstream.sample.support;
