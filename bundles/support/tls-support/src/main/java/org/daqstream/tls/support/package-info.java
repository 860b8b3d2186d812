/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Keys, certificates and trust for TLS: read from files, read again when those change, and one
 * sentence for what is wrong with them. Knows no sockets.
 */
package org.daqstream.tls.support;
