/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.List;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A signal and the columns of a file that it is in.
 *
 * @param leaves where in a sample each column is
 * @param columns where in the file
 */
record FileSignal(SignalDescriptor descriptor, List<Leaf> leaves, List<FileLeaf> columns) {}
