/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The program around the bundles: command line, folders, the embedded framework, its log, and what
 * ends the process. It shares no classes with bundles, so it asks their services by reflection.
 */
package org.daqstream.launcher;
