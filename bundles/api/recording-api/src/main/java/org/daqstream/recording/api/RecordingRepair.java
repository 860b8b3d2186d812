/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.nio.file.Path;

/**
 * What {@link RecordingFormat#repair} did.
 *
 * @param file the file that is there now
 * @param wasBroken whether there was anything to mend
 * @param rows how many rows the file has
 * @param droppedBytes size of what was begun and is of no use
 */
public record RecordingRepair(Path file, boolean wasBroken, long rows, long droppedBytes) {}
