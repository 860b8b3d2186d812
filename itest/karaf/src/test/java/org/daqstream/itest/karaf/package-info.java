/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests in a real Karaf, which start and command it as a process of its own. */
package org.daqstream.itest.karaf;
