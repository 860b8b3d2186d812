/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Configurations in JSON files, as an installer of File Install, and a word on files that it
 * ignores. No component: it is there before File Install looks for the first time. Knows no other
 * bundle of ours.
 */
package org.daqstream.config.json.internal;
