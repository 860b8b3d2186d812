/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The commands of the shell, for consoles that can do more with a command than run it. Without such
 * a console the commands are Gogo's.
 */
@Export
@Version("1.0.0")
package org.daqstream.shell.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
