/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** An example of a module that receives from many peers. It knows the stream API alone. */
package org.daqstream.example.collector.internal;
