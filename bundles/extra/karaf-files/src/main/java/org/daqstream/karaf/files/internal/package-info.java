/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Takes the files that our features bring into Karaf's {@code etc/} away with them, unless somebody
 * has changed them. It knows Karaf's features and no bundle of ours.
 */
package org.daqstream.karaf.files.internal;
