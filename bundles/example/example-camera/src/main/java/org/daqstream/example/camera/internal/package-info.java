/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * An example of a module that sends: one camera for each instance that a manifest names. Of our
 * bundles it knows the stream API alone.
 */
package org.daqstream.example.camera.internal;
