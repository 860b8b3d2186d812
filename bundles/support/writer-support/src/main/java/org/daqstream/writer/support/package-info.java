/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What signal writers have in common: samples of one size, arrays of plain numbers. Each bundle
 * with a writer embeds this package and never exports it, so that it is mended bundle by bundle,
 * without a refresh of the API that all of them share.
 */
package org.daqstream.writer.support;
