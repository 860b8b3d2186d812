/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Tests in real runtimes and with programs of others ({@code …IT}), and tests of the repository as
 * a whole: arrows between bundles, tables of keys, documents.
 */
package org.daqstream.itest;
