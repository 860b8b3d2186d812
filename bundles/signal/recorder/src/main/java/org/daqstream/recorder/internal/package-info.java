/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Records signals of the runtime. Publishing threads put encoded samples into a bounded memory
 * ({@link org.daqstream.base.support.SampleRing}); one thread for each recorder takes them from
 * there to files.
 */
package org.daqstream.recorder.internal;
