/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Knows clients by user and password, whom a realm of JAAS knows. */
package org.daqstream.login.jaas.internal;
