/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Modules that do not run as a bundle, as operating tools see them: who runs them offers a {@link
 * org.daqstream.stream.api.module.ModuleHost}.
 */
@Export
@Version("1.0.0")
package org.daqstream.stream.api.module;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
