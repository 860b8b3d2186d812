/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import javax.net.ssl.SSLContext;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TokenSource;
import org.daqstream.client.WireListener;

/**
 * What a client is told when it is made.
 *
 * @param address the device
 * @param userAgent what the client calls itself
 * @param tls for encrypted addresses
 * @param connectTimeoutMs from connecting to the greeting
 * @param commandTimeoutMs until a command is answered
 * @param pingIntervalMs silence of the device after which it is pinged
 * @param reconnectMinMs pause before the first attempt to connect again; 0 for never
 * @param reconnectMaxMs the longest pause
 * @param receiveBufferBytes what is read at once; larger frames come in parts
 * @param signalsLimit signals that are listed at most
 * @param publishedLimitBytes samples of published signals that wait to be sent, at most
 * @param wire sees the bytes, but for secrets; {@code null} for nobody
 * @param token by which the client logs in
 */
public record ClientSettings(
    DeviceAddress address,
    String userAgent,
    SSLContext tls,
    int connectTimeoutMs,
    int commandTimeoutMs,
    int pingIntervalMs,
    int reconnectMinMs,
    int reconnectMaxMs,
    int receiveBufferBytes,
    int signalsLimit,
    int publishedLimitBytes,
    WireListener wire,
    TokenSource token) {}
