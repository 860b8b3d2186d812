/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Module instances in WebAssembly. {@link org.daqstream.module.wasm.internal.WasmModules} knows
 * what is to run; a {@link org.daqstream.module.wasm.internal.ModuleInstance} runs one: it has its
 * streams ({@code ModuleStreams}), code that can be used ({@code LoadedModule}) and code that runs
 * ({@code ModuleCode}), which calls the host ({@code HostCall}) within the bounds of a {@code
 * CallGuard}.
 */
package org.daqstream.module.wasm.internal;
