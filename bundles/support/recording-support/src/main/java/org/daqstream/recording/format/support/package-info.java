/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What formats of recordings have in common: working files, what is told beside the samples, and
 * summaries. Embedded, not exported.
 */
package org.daqstream.recording.format.support;
