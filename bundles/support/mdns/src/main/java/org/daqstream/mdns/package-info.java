/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The part of multicast DNS and DNS service discovery (RFC 6762, 6763) that is needed: {@code
 * DnsReader} and {@code DnsWriter} for packets, {@code Responder} for what is announced, {@code
 * Browser} for what is looked for, and {@code MdnsEngine}, the one thread with the sockets. Knows
 * nothing of OSGi, of configurations or of streaming servers.
 */
package org.daqstream.mdns;
